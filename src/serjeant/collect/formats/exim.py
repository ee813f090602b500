r"""Exim's main log, in its own file or by syslog: authenticators that failed, and mails of clients that signed in.

Sources: smtp_in.c, host.c (``host_and_ident``), receive.c, the specification's chapter on log files.

HELO name and ``set_id`` are the client's, on both sides of its address. A HELO name is taken only without spaces and
brackets (Exim itself refuses others), so that the first address is the true one whatever stands in ``set_id``.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_HOST = (
    r"(?:H=)?(?:[^ ()\[\]]+ )?(?:\((?:\[[0-9A-Fa-f.:]*\]|\[?[^ ()\[\]]*)\) )?"
    r"\[(?P<src_ip>[0-9A-Fa-f.:]+)\](?::(?P<src_port>[0-9]+))?(?: I=[^ ]+)?(?: U=[^ ]*)?"
)
_FAILED = r"^(?:(?P<auth_protocol>[0-9A-Za-z_.-]+) )?authenticator failed for " + _HOST + " ?: "
_ID = r"(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{6}-[0-9A-Za-z]{11}-[0-9A-Za-z]{4})"
_FIELDS = r"(?: DN=\"[^\"]*\"| (?:X|CV|SNI|P|PRX|K|L|M8S|RT|DKIM|PRDR)(?:=[^ ]*)?)*"
_AUTH = r" A=(?P<auth_protocol>[^ :]+)(?::(?P<user_name>[^ ]*))?(?: .*)?$"
_STAMP = r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?: [+-][0-9]{4})?)"
_SMTP = {"service": "smtp"}


_RULES = (
    Rule(
        "failed",
        _FAILED
        + r"535 Incorrect authentication data(?: \(set_id=(?P<user_name>.*)\)|: (?P<count>[0-9]{1,6}) Time\(s\))?$",
        "failure",
        "bad_password",
        constants=_SMTP,
    ),
    Rule(
        "failed_otherwise",
        _FAILED + r"5[0-9]{2} [^()]*(?:\(set_id=(?P<user_name>.*)\)(?:: [^()]*)?)?$",
        "failure",
        "other",
        constants=_SMTP,
    ),
    Rule(
        "backend",
        _FAILED + r"4[0-9]{2} [^()]*(?:\(set_id=(?P<user_name>[^()]*)\).*)?$",
        "refused",
        "backend",
        constants=_SMTP,
    ),
    Rule(
        "not_offered",
        r"^SMTP protocol error in \"(?:AUTH|auth|Auth).*\" "
        + _HOST
        + r" (?:AUTH command used when not advertised|[^ ]+ authentication mechanism not supported)"
        r"(?:: (?P<count>[0-9]{1,6}) Time\(s\))?$",
        "failure",
        "policy",
        constants=_SMTP,
    ),
    Rule(
        "denied",
        "^" + _HOST + _FIELDS + r"(?: F=<[^<>]*>)? (?:temporarily )?rejected AUTH.*$",
        "refused",
        "policy",
        constants=_SMTP,
    ),
    Rule("login", "^" + _ID + r" <= [^ ]+ " + _HOST + _FIELDS + _AUTH, "success", constants=_SMTP),
    Rule(
        "login_without_mail",
        "^no MAIL in SMTP connection from " + _HOST + _FIELDS + _AUTH,
        "success",
        constants=_SMTP,
    ),
    Rule(
        "other",
        r"^(?:"
        + _ID
        + r" |H=|SMTP |no (?:MAIL in|host name found|IP address found)|Start queue|End queue|exim |Exim |cwd=|TLS |"
        r"\[[0-9A-Fa-f.:]+\] |unexpected disconnection|Connection from |rejected |ident connection|daemon|pid |"
        r"SIG[A-Z]+ |refused connection|Warning: |log string overflow|remote host |unqualified ).*$",
    ),
)

FORMAT = Format(
    name="exim",
    title="Exim",
    group="mail",
    programs=("exim", "exim4", "exim-mainlog", "exim_mainlog", "exim-out"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "exim-log",
            "^(?P<header>"
            + _STAMP
            + r" (?:\[[0-9]+\] )?)(?:[0-9A-Za-z_.-]+ authenticator failed for |SMTP (?:protocol|syntax|command|call|"
            r"connection|data) |H=|no (?:MAIL in SMTP|host name found)|"
            + _ID
            + r" (?:<=|=>|->|\*\*|==|Completed|H=)|Start queue run|End queue run|unexpected disconnection while|"
            r"exim [0-9.]+ daemon|TLS error on connection|rejected (?:HELO|EHLO|connection))",
            iso,
            program="exim",
        ),
        Envelope("exim-tagged", r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}) \[exim\] )", bsd, "exim"),
    ),
    values={
        "auth_protocol": {
            **dict.fromkeys(("dovecot_login", "login_server", "fixed_login", "auth_login", "LOGIN"), "login"),
            **dict.fromkeys(("dovecot_plain", "plain_server", "fixed_plain", "auth_plain", "PLAIN"), "plain"),
            **dict.fromkeys(("cram_md5", "cram_md5_server", "auth_cram_md5", "dovecot_cram_md5"), "cram-md5"),
        }
    },
    lacks="Sign-ins that worked are told with the mail that follows them, so those without a mail only with "
    "``log_selector = +smtp_no_mail``; the reject log repeats lines of the main log, so give it one of the two; of a "
    "client whose HELO name has spaces or brackets it tells nothing.",
)
