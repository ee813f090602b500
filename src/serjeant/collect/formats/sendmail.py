r"""sendmail's SMTP server: SMTP AUTH that worked (``AUTH=server``) and that failed.

Source: sendmail/srvrsmtp.c, LogLevel 9 and more. In a failure the name stands left of ``relay=``, which closes the
line; in a success right of it. ``possible SMTP attack`` counts AUTH commands of a connection whose failures stand
beside it, so it is a probe; and so is mail for others that was refused since nobody had signed in.
"""

from serjeant.collect.format import Format, Rule

_QUEUE = r"^(?:(?P<session_uid>[0-9A-Za-z+/]{8,20}): )?"
_CLIENT = r"(?:[^ \[\]]+ )?\[(?:IPv6:)?(?P<src_ip>[0-9A-Fa-f.:]+)\](?: \(may be forged\))?"
_FAILED = _QUEUE + r"AUTH failure \((?P<auth_protocol>[^ ()]*)\): "
_USER = "(?:, user=(?P<user_name>[^\n]*))?, relay=" + _CLIENT + "$"
_SMTP = {"service": "smtp"}
_OTHER = (
    r"(?:from=|to=|ruleset=|STARTTLS|AUTH(?: warning|=client|: |_| error \()|--- |<-- |"
    r"Milter|milter|NOQUEUE|ETRN|EXPN|VRFY|timeout|lost |"
    r"SYSERR|return to|DSN|done|alias|clone|Authentication-Warning|collect: |starting daemon|stopping |restarting|"
    r"grew |makeconnection|rejecting|Relaying denied|possible SMTP attack: |discarded|SMTP |client |host |"
    r"[^ ]* ?\[(?:IPv6:)?[0-9A-Fa-f.:]+\](?: \(may be forged\))? ?(?:did not issue|: possible|probed|rejected))"
)

_RULES = (
    Rule("unknown", _FAILED + r"user not found .*?" + _USER, "failure", "unknown_account", "daemon", _SMTP),
    Rule("disabled", _FAILED + r"user account disabled .*?" + _USER, "failure", "disabled", "daemon", _SMTP),
    Rule("expired", _FAILED + r"passphrase expired .*?" + _USER, "failure", "expired", "daemon", _SMTP),
    Rule("mechanism", _FAILED + r"no mechanism available .*?" + _USER, "failure", "policy", "daemon", _SMTP),
    Rule(
        "backend",
        _FAILED + r"(?:remote authentication server unavailable|generic failure) .*?" + _USER,
        "refused",
        "backend",
        "daemon",
        _SMTP,
    ),
    Rule("failed", _FAILED + ".*?" + _USER, "failure", "bad_password", "daemon", _SMTP),
    Rule(
        "login",
        _QUEUE
        + "AUTH=server, relay="
        + _CLIENT
        + r", authid=(?P<user_name>.*), mech=(?P<auth_protocol>[^ ,]+), bits=[0-9]+$",
        "success",
        None,
        "daemon",
        _SMTP,
    ),
    Rule(
        "attack",
        _QUEUE + _CLIENT + r": possible SMTP attack: command=AUTH, count=[0-9]+$",
        "failure",
        "other",
        "probe",
        _SMTP,
    ),
    Rule(
        "relaying",
        _QUEUE
        + r"(?:ruleset=check_rcpt, [^\n]*)?Relaying denied\. (?:IP name lookup failed|IP name possibly forged) "
        + r"\[(?:IPv6:)?(?P<src_ip>[0-9A-Fa-f.:]+)\]$",
        "failure",
        "other",
        "probe",
        _SMTP,
    ),
    Rule("other", r"^(?:[0-9A-Za-z+/]{8,20}(?:\[[0-9]+\])?: )?" + _OTHER + ".*$"),
)

FORMAT = Format(
    name="sendmail",
    title="sendmail",
    group="mail",
    programs=(
        "sendmail",
        "sm-mta",
        "sm-mta-auth",
        "sendmail-in",
        "sendmail-mta",
        "sm-msp-queue",
        "sm-acceptingconnections",
    ),
    rules=_RULES,
    lacks="Older releases do not tell which name failed; saslauthd may tell the same attempt once more.",
)
