r"""Dovecot 2.2 to 2.4: its login processes, and ``auth`` and ``auth-worker`` where ``auth_verbose = yes``.

Sources: login-common/client-common.c (``client_get_extra_disconnect_reason``), sasl-server.c, auth-request.c
(``get_log_prefix``, ``auth_request_append_password``).

What an attacker chooses stands in two places. The *user name*: control characters are replaced and length is cut, but
with ``auth_username_chars`` emptied ``<>(),`` pass. A login process writes it once, before fields that cannot hold
``<`` or ``>``, so the last ``>, …rip=`` is the true one. In ``auth`` it is followed by ``): ``; rules there take names
without parentheses, and a line with such a name is left to its login process. The *password*, where
``auth_verbose_passwords = plain``: it may imitate all that went before, so it is matched to be thrown away and may not
hold ``):``. It is in no group, and reaches no column.
"""

from collections.abc import Mapping

from serjeant.collect.format import Format, Rule

# Each next character decides which way a pattern goes on (regex engines call it one-pass): much faster.

# Login processes
_LOGIN = "^(?P<service>imap|pop3|submission|managesieve)-login: (?:Info: )?"
_ADDRESS = r"rip=(?P<src_ip>[0-9A-Fa-f.:]+)(?:,[ -;=?-~]*(?:<(?P<session_uid>[!-+.-;=?-~-]+)>)?)?$"
_CLIENT = r"user=<(?P<user_name>.*)>, (?:method=(?P<auth_protocol>[A-Za-z0-9_-]+), )?" + _ADDRESS


_ENDS = "(?:Aborted login|Disconnected|Login aborted|Client has quit the connection|Remote closed connection)"


def _ended(why: str) -> str:
    """The end of a connection, with the reason in parentheses; others may stand before it."""
    others = rf"[ -')-;=?-~]*(?:\((?:[ -')-;=?-{chr(ord(why[0]) - 1)}{chr(ord(why[0]) + 1)}-~])[ -')-;=?-~]*)*"
    return rf"{_ENDS}{others}\({why}\)(?: \([a-z_]+\))?: "


_TIMES = "(?P<count>[0-9]+) attempts?(?: in [0-9]+ secs?)?"

_SOME = f"(?:, {_TIMES})?"  # 2.4 puts the times behind every reason

# auth and auth-worker: "sql(alice,192.0.2.7,<S>): " in 2.3, "auth(alice,192.0.2.7,sasl:plain)<S>: sql: " in 2.4
_AUTH = (
    r"^(?:dovecot: )?auth(?:-worker)?(?:\([0-9a-z]+\))?: (?:Info: )?"
    r"[a-z0-9_-]+(?: unix:[!-~]+ \([a-z0-9=,]*\): auth-worker<[0-9]+>: [a-z0-9_-]+)?"
    r"\((?P<user_name>[^()]*),(?P<src_ip>[0-9A-Fa-f.:]+)(?:,master)?(?:,(?:<(?P<session_uid>[!-;=?-~]+)>)?)?\): "
)
_AUTH_24 = (
    r"^(?:auth(?:-worker)?: )?(?:Info: )?auth(?:-worker)?"
    r"\((?P<user_name>[^()]*),(?P<src_ip>[0-9A-Fa-f.:]+),sasl:(?P<auth_protocol>[a-z0-9_-]+)(?:,master)?\)"
    r"(?:<[0-9]+>)?(?:<(?P<session_uid>[!-;=?-~]+)>)?: (?:Info: )?(?:request \[[0-9]+\]: )?(?:[a-z0-9_-]+: )?"
)
_WRONG = (
    r"(?:[Pp]a(?:ssword mismatch(?: \(for LDAP bind\))?|"
    r"m_authenticate\(\) failed: [Aa]uthentication (?:failure|error)(?: \([Pp]assword mismatch\?\))?)|"
    r"[Ii]nvalid credentials)"
)
_NOBODY = (
    r"(?:[Uu](?:nknown user|ser (?:unknown|not found(?: from [a-z ]+)?))|[Nn]o such user|"
    r"pam_authenticate\(\) failed: User not known to the underlying authentication module)"
)
_HASH = r"(?: \(SHA1 of given password: (?P<guess_site>[0-9a-f]{1,40})\))?$"
_PLAIN = r" \(given password: (?:[^)]|\)+[^):<])*\)+$"


def _login(
    name: str, says: str, outcome: str, reason: str | None, constants: Mapping[str, str | bool] | None = None
) -> Rule:
    return Rule(name, _LOGIN + says + _CLIENT, outcome, reason, "daemon", constants or {})


def _auth(name: str, says: str, outcome: str, reason: str | None) -> tuple[Rule, Rule]:
    """The rule for 2.3 and the one for 2.4."""
    return (
        Rule(name, _AUTH + says, outcome, reason, "auth"),
        Rule(name + "_24", _AUTH_24 + says, outcome, reason, "auth"),
    )


_LOGINS = (
    _login("login", "(?:Login|Logged in): ", "success", None),
    _login(
        "auth_failed",
        _ended("auth failed, " + _TIMES),
        "failure",
        "bad_password",
    ),
    _login(
        "authorization_failed",
        _ended("authorization failed, " + _TIMES),
        "failure",
        "policy",
    ),
    _login("proxied_failed", _ended("proxy dest auth failed"), "failure", "bad_password"),
    _login("user_disabled", _ended("user disabled" + _SOME), "refused", "disabled"),
    _login("password_expired", _ended("password expired" + _SOME), "refused", "expired"),
    _login("login_disabled", _ended("login disabled" + _SOME), "refused", "policy"),
    _login(
        "plaintext_disallowed",
        _ended("tried to use dis(?:allowed|abled) plaintext auth"),
        "refused",
        "policy",
    ),
    _login(
        "backend",
        _ended("auth (?:process communication failure|service reported temporary failure)" + _SOME),
        "refused",
        "backend",
    ),
    _login(
        "failed_inside",
        _ended("internal failure, [0-9]+ success[a-z]* auths?"),
        "refused",
        "backend",
    ),
    Rule(
        "auth_failed_nameless",
        _LOGIN + _ended("auth failed, " + _TIMES) + "(?:method=[A-Za-z0-9_-]+, )?[^<>=]*" + _ADDRESS,
        "failure",
        "bad_password",
        "daemon",
    ),
    Rule(
        "plaintext_nameless",
        _LOGIN + _ended("tried to use dis(?:allowed|abled) plaintext auth") + _ADDRESS,
        "refused",
        "policy",
        "probe",
    ),
    _login("internal_failure", r"Internal login failure \([^<>()]*\)[^<>]*: ", "refused", "backend"),
    _login(
        "too_many_connections",
        r"(?:Login aborted: )?Maximum number of connections from user\+IP exceeded[^<>]*: ",
        "refused",
        "policy",
    ),
    _login("proxied", r"proxy\([^=]*[Ss]tarted proxying[^=]*: ", "success", None),
    Rule(
        "nothing_tried",
        r"^(?:imap|pop3|submission|managesieve)-login: (?:Info: )?(?:Aborted login|Disconnected|Login aborted)[^<>]*"
        r"\((?:no auth attempts|disconnected before auth|disconnected while|client didn't finish SASL|"
        r"aborted authentication|cert required|client sent an invalid cert|client didn't send a cert|"
        r"tried to use unsupported auth mechanism|sent invalid base64)[^<>]*user=<.*$",
    ),
    Rule(
        "disconnected",
        r"^(?:imap|pop3|submission|managesieve)-login: (?:Info: )?"
        r"(?:Aborted login|Disconnected|Login aborted|Connection closed)[^<>()]*user=<.*$",
    ),
    Rule("login_proxy", r"^(?:imap|pop3|submission|managesieve)-login: (?:Info: )?proxy\(.*$"),
    Rule("login_trouble", r"^[a-z0-9]+-login(?:\([0-9]+\))?: (?:Debug|Warning|Error|Fatal|Panic): .*$"),
    Rule("login_other", r"^(?:lmtp|doveadm|director|ipc)-login: .*$"),
)

_AUTHS = (
    # Not the last word: the next database is asked about the same attempt.
    Rule("auth_next", r"^auth.* - trying the next (?:passdb|userdb)$"),
    *_auth("auth_mismatch", _WRONG + _HASH, "failure", "bad_password"),
    *_auth("auth_unknown", _NOBODY + _HASH, "failure", "unknown_account"),
    *_auth("auth_mismatch_plain", _WRONG + _PLAIN, "failure", "bad_password"),
    *_auth("auth_unknown_plain", _NOBODY + _PLAIN, "failure", "unknown_account"),
    *_auth(
        "auth_expired",
        r"(?:[Aa]ccount (?:is )?expired|[Pp]assword (?:has )?expired|pam_acct_mgmt\(\) failed: [A-Za-z ]*expired)"
        + _HASH,
        "refused",
        "expired",
    ),
    *_auth(
        "auth_disabled",
        r"(?:[Uu]ser (?:is )?disabled|[Aa]ccount (?:is )?disabled|[Ll]ogin (?:is )?disabled)" + _HASH,
        "refused",
        "disabled",
    ),
    *_auth("auth_denied", r"pam_authenticate\(\) failed: Permission denied" + _HASH, "refused", "policy"),
    *_auth("auth_nets", r"allow_nets check failed: [^()]*$", "refused", "policy"),
    *_auth("auth_policy", r"Authentication failure due to policy server refusal(?:: [^()]*)?$", "refused", "policy"),
    Rule(
        "auth_bad_name",
        r"^auth(?:-worker)?(?:\([0-9]+\))?: (?:Info: )?[a-z0-9_-]+\(\?,(?P<src_ip>[0-9A-Fa-f.:]+)"
        r"(?:,<(?P<session_uid>[!-;=?-~]+)>)?\): Username character disallowed by auth_username_chars: 0x[0-9a-f]+"
        r"(?: \(username: (?P<user_name>.*)\))?$",
        "failure",
        "unknown_account",
        "auth",
    ),
    Rule("auth_debug", r"^auth(?:-worker)?(?:[(<].*)?: (?:Debug|Warning|Error|Fatal|Panic): .*$"),
    Rule(
        "auth_right",
        r"^auth(?:-worker)?[(:].*(?:Master user logg(?:ed|ing) in as [^ ():]*|Authenticated|"
        r"Auth request (?:ok|success))$",
    ),
)

_OTHERS = (
    Rule(
        "mail_process",
        r"^(?:imap|pop3|lmtp|lda|submission|managesieve|sieve|doveadm|indexer-worker|imap-hibernate|imap-urlauth|"
        r"quota-status|dict|dsync-local|dsync-server|script-login)[(<].*$",
    ),
    Rule(
        "server",
        r"^(?:master|log|config|anvil|stats|old-stats|indexer|indexer-worker|dict|director|ipc|replicator|aggregator|"
        r"ssl-params|lmtp|imap|pop3|submission|managesieve|dns-client|dns_client|imap-hibernate|quota-status|doveadm|"
        r"health-check|tcpwrap|dict-async|welcome|ssl-build-param|lda|script|sieve)"
        r"(?:\([^)]*\))?: .*$",
    ),
)

FORMAT = Format(
    name="dovecot",
    title="Dovecot",
    group="mail",
    programs=("dovecot",),
    rules=_LOGINS + _AUTHS + _OTHERS,
    values={"user_name": {"?": ""}, "service": {"submission": "smtp", "managesieve": "sieve"}},
    lacks="It does not tell the client's port, nor what the client calls itself; which passwords were tried it tells "
    "only as a hash, where it is set to.",
)
