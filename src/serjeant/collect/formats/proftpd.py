r"""ProFTPD, with mod_sftp: syslog and its SystemLog (source: modules/mod_auth.c, contrib/mod_sftp/auth-password.c).

Each line begins with the server's name and, in brackets, the client's address, which no user name can stand before.
"""

from serjeant.collect.format import Format, Rule

_FTP = {"service": "ftp"}
_PEER = r"^[^ ]+ \([^ \[\]]*\[(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?\]\)(?::| -) "
_OTHER_PEER = r"^[^ ]+(?: \([^ \[\]]*\[[0-9A-Fa-f.:]+\]\))?(?::| -) "
_FAILED = _PEER + r"USER (?P<user_name>.*) \(Login failed\): "


def _failed(name: str, why: str, reason: str, outcome: str = "failure") -> Rule:
    return Rule(name, _FAILED + why + r"\.?$", outcome, reason, "daemon", _FTP)


_RULES = (
    Rule(
        "nobody",
        _PEER + r"USER (?P<user_name>.*): no such user found from [^ ]* \[[0-9A-Fa-f.:]+\] to [^ ]+$",
        "failure",
        "unknown_account",
        "daemon",
        _FTP,
    ),
    _failed("failed_nobody", "(?:No such user found|Can't find user|User not found)", "unknown_account"),
    _failed("failed", "Incorrect password", "bad_password"),
    _failed("failed_expired", "(?:Password expired|New authentication token required)", "expired"),
    _failed("failed_disabled", "Account disabled", "disabled"),
    _failed("failed_locked", "Max authentication (?:service )?attempts reached", "locked"),
    _failed(
        "failed_backend",
        "(?:Insufficient credentials|Unavailable credentials|Failure setting credentials|Unavailable authentication "
        "service|Failed initializing authentication service)",
        "backend",
    ),
    _failed(
        "failed_policy",
        "(?:Invalid shell.*|User in [^ ]+|Limit (?:access|configuration) denies login|Not a UserAlias|Group .*|"
        "Anonymous .*|Denied by .*|Banned.*|Not allowed.*|Session .*|Required .*|Too many .*|Connection refused.*)",
        "policy",
    ),
    _failed("failed_otherwise", "[A-Z][^:]*", "other"),
    Rule(
        "denied",
        _PEER + r"USER (?P<user_name>.*): (?:Limit (?:access|configuration) denies login|user is not .*)$",
        "failure",
        "policy",
        "daemon",
        _FTP,
    ),
    Rule(
        "root",
        _PEER + r"SECURITY VIOLATION:(?P<user_name>) [Rr]oot login attempted\.?$",
        "failure",
        "policy",
        "daemon",
        {**_FTP, "user_name": "root"},
    ),
    Rule("anonymous", _OTHER_PEER + r"ANON(?:YMOUS)? .*$"),
    Rule("right", _PEER + r"USER (?P<user_name>.*): Login successful\.?$", "success", None, "daemon", _FTP),
    Rule(
        "other",
        _OTHER_PEER
        + r"(?:FTP session |FTP login |FTP no transfer|SSH2 session |Maximum login attempts|Maximum connections|"
        r"ProFTPD|"
        r"Preparing to |mod_|Login timeout|no such |notice: |warning: |error: |unable to |Connection from|connect from|"
        r"ROOT FTP login|Data connection|Refused |session |Session |chroot|Deferring |Client session|FTP timed out|"
        r"scrubbing|listening|received|dispatching|shutting).*$",
    ),
)

FORMAT = Format(
    name="proftpd",
    title="ProFTPD",
    group="hosts",
    programs=("proftpd",),
    rules=_RULES,
    lacks="It does not tell sign-ins over SFTP from those over FTP.",
)
