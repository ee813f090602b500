r"""Cyrus IMAP's servers: ``login:`` and ``badlogin:`` of imapd, pop3d, timsieved, httpd, nntpd and the rest.

Sources: imap/imapd.c, imap/pop3d.c, imap/nntpd.c, imap/httpd.c, timsieved/parser.c, libsasl's sasl.h (the numbers).

The client stands left of all that it says; its name holds neither blanks nor brackets.
"""

from serjeant.collect.format import Format, Rule

_HOST = r"(?:[^ \[\]]+ ?)?\[(?P<src_ip>[0-9A-Fa-f.:]+)\] "
_BAD = "^badlogin: " + _HOST
_NAMED = _BAD + r"(?P<auth_protocol>[^ ]+) \((?P<user_name>[^\n]*)\) \["
_NAMELESS = _BAD + r"(?P<auth_protocol>[^ ]+) \["
_PLAIN = _BAD + r"(?P<auth_protocol>[^ ]+) (?P<user_name>[^\n]*) (?:\[)?"
_NOBODY = r"SASL\(-(?:13|20)\): user not found.*$"
_DISABLED = r"SASL\(-19\).*$"
_EXPIRED = r"SASL\(-18\).*$"
_BACKEND = r"SASL\(-24\).*$"
_MAIL = {"service": "mail"}


def _all(name: str, before: str, wrong: str) -> tuple[Rule, ...]:
    return (
        Rule("unknown" + name, before + _NOBODY, "failure", "unknown_account", constants=_MAIL),
        Rule("disabled" + name, before + _DISABLED, "failure", "disabled", constants=_MAIL),
        Rule("expired" + name, before + _EXPIRED, "failure", "expired", constants=_MAIL),
        Rule("backend" + name, before + _BACKEND, "refused", "backend", constants=_MAIL),
        Rule("wrong" + name, before + wrong, "failure", "bad_password", constants=_MAIL),
    )


_RULES = (
    *_all("", _NAMED, ".*$"),
    *_all("_nameless", _NAMELESS, ".*$"),
    Rule(
        "no_such_name",
        _BAD + "plaintext (?P<user_name>[^\n]*) invalid user$",
        "failure",
        "unknown_account",
        constants=_MAIL,
    ),
    *_all("_plain", _PLAIN, r"SASL\(.*$"),
    Rule("anonymous", _BAD + "anonymous login refused.*$", "refused", "policy", constants=_MAIL),
    Rule(
        "failed_sieve",
        _BAD + "(?P<auth_protocol>[^ ]+) authentication failure$",
        "failure",
        "bad_password",
        constants=_MAIL,
    ),
    Rule("failed", _BAD + r"(?P<auth_protocol>[^ ]+)(?: .*)?$", "failure", "other", constants=_MAIL),
    Rule(
        "login",
        "^login: " + _HOST + r"(?P<user_name>[^\n]*) (?P<auth_protocol>[A-Za-z0-9_-]+)(?:\+TLS)? [Uu]ser logged in"
        r"(?: SESSIONID=<(?P<session_uid>[^<> ]+)>)?(?: .*)?$",
        "success",
        constants=_MAIL,
    ),
    Rule(
        "other",
        r"^(?:accepted connection|starttls: |STARTTLS |open: |seen_db: |skiplist: |twoskip: |USAGE |auditlog: |"
        r"[a-z0-9]+ TLS negotiation |executed$|ready for |telling |fetching |DBERROR|client id|inittls: |TLS server |"
        r"mupdate|duplicate_check: |Delivered: |sieve |counts: |process |SSL_accept|SESSIONID=).*$",
    ),
)

FORMAT = Format(
    name="cyrus",
    title="Cyrus IMAP",
    group="mail",
    # Services are named in cyrus.conf.
    programs=(
        *("imap", "imaps", "pop3", "pop3s", "sieve", "timsieved", "managesieve"),
        *("imapd", "pop3d", "http", "https", "nntp", "nntps"),
        *("cyrus/imap*", "cyrus/pop3*", "cyrus/http*", "cyrus/nntp*", "cyrus/lmtp*", "cyrus/sieve*", "cyrus/sync*"),
        *("cyrus/timsieved", "cyrus/managesieve", "cyrus/mupdate"),
    ),
    rules=_RULES,
    values={"auth_protocol": {"plaintext": "plain"}},
    lacks="Whether it was IMAP, POP or Sieve only the program's name tells, which the service does not repeat; "
    "failures of many SASL mechanisms name nobody.",
)
