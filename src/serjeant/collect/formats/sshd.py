"""OpenSSH's sshd, releases 3 to 10, with and without PAM (source: auth.c, auth2.c, auth-pam.c, monitor.c, packet.c).

``Failed password`` and ``Accepted`` are the daemon's word on each attempt. What PAM says beside it is the same attempt
once more, hence its witness; lines that only show that a name was tried are probes, which count when nobody else
speaks of their session.

A failed *publickey*, *none*, *hostbased* or *gssapi* is no guess at a password: every client offers what it has
before it asks its owner, so counting them would turn each key ring into an attack. They are ignored; a name that does
not exist is still told by ``Invalid user``.
"""

from collections.abc import Mapping

from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule

_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"
_PORT = r" port (?P<src_port>[0-9]+)"
_USER = "(?P<user_name>.*)"
_UNKNOWN = "(?:invalid|illegal) user "
_END = r"(?: ssh[12])?$"
_KEY = r"(?:: [0-9A-Za-z:+/=@._,-]+(?: [0-9A-Za-z:+/=@._,-]+)?)?$"
_PREAUTH = r"(?: \[preauth\])?$"
_KEYLESS = r"(?:none|publickey|hostbased|gssapi[a-z-]*)"
_PAM_SAYS = "(?:Have exhausted maximum number of retries for service|[A-Za-z' ]+?) for "
_PAM_FIELDS = (
    r"authentication failure; logname=[^ ]* uid=[0-9]+ euid=[0-9]+ tty=[^ ]* ruser=[^ ]* rhost="
    + ADDRESS_OR_NAME
    + r" {0,2}(?:user=(?P<user_name>.*))?$"
)


def _tried(
    name: str,
    pattern: str,
    outcome: str,
    reason: str | None,
    witness: str,
    constants: Mapping[str, str | bool] | None = None,
) -> Rule:
    return Rule(name, pattern, outcome, reason, witness, {"service": "ssh", **(constants or {})})


_PASSWORD = {"auth_protocol": "password"}
_FROM = " from " + _IP + _PORT

_ATTEMPTS = (
    _tried(
        "failed_password_unknown",
        "^Failed password for invalid user " + _USER + _FROM + _END,
        "failure",
        "unknown_account",
        "daemon",
        _PASSWORD,
    ),
    _tried(
        "failed_password_illegal",
        "^Failed password for illegal user " + _USER + _FROM + _END,
        "failure",
        "unknown_account",
        "daemon",
        _PASSWORD,
    ),
    _tried(
        "failed_password",
        "^Failed password for " + _USER + _FROM + _END,
        "failure",
        "bad_password",
        "daemon",
        _PASSWORD,
    ),
    Rule("failed_without_password", "^Failed " + _KEYLESS + " for .*$"),
    _tried(
        "failed_unknown",
        "^Failed (?P<auth_protocol>[^ ]+) for " + _UNKNOWN + _USER + _FROM + r"(?: ssh[12])?" + _KEY,
        "failure",
        "unknown_account",
        "daemon",
    ),
    _tried(
        "failed",
        "^Failed (?P<auth_protocol>[^ ]+) for " + _USER + _FROM + r"(?: ssh[12])?" + _KEY,
        "failure",
        "bad_password",
        "daemon",
    ),
    _tried(
        "accepted",
        "^Accepted (?P<auth_protocol>[^ ]+) for " + _USER + _FROM + r"(?: ssh[12])?" + _KEY,
        "success",
        None,
        "daemon",
    ),
    # What a certificate says of itself has spaces, so the name may have none: then the first address is the true one.
    _tried(
        "accepted_certificate",
        "^Accepted (?P<auth_protocol>[^ ]+) for (?P<user_name>[^ ]+)" + _FROM + " ssh2: .*$",
        "success",
        None,
        "daemon",
    ),
    Rule("partial_without_password", "^Partial " + _KEYLESS + " for .*$"),
    _tried(
        "partial",
        "^Partial (?P<auth_protocol>[^ ]+) for " + _USER + _FROM + _END,
        "challenged",
        "mfa",
        "daemon",
        {"is_mfa": True},
    ),
    # PAM's account step comes after its password step, so the password (or the key) was right.
    _tried(
        "account_refused",
        "^fatal: Access denied for user " + _USER + " by PAM account configuration" + _PREAUTH,
        "challenged",
        "policy",
        "daemon",
    ),
)

_PAM = (
    _tried(
        "pam_error_unknown",
        "^error: PAM: " + _PAM_SAYS + _UNKNOWN + _USER + " from " + ADDRESS_OR_NAME + r"(?: via [^ ]+)?" + _PREAUTH,
        "failure",
        "unknown_account",
        "auth",
    ),
    _tried(
        "pam_error",
        "^error: PAM: " + _PAM_SAYS + _USER + " from " + ADDRESS_OR_NAME + r"(?: via [^ ]+)?" + _PREAUTH,
        "failure",
        "bad_password",
        "auth",
    ),
    _tried("pam_unix", r"^pam_unix\(sshd:auth\): " + _PAM_FIELDS, "failure", "bad_password", "pam"),
    _tried("pam_unix_bare", r"^(?:\(pam_unix\) )?" + _PAM_FIELDS, "failure", "bad_password", "pam"),
    Rule("pam_other", r"^pam_[a-z0-9_]+(?:\([^)]*\))?: .*$"),
    Rule("pam_bare", r"^(?:check pass; user unknown|session (?:opened|closed) for user .*|bad username \[.*)$"),
    Rule("pam_summary", r"^PAM [0-9]+ more authentication failures?; .*$"),
    Rule("pam_service", r"^PAM.*$"),
)

# Nobody was named: a scan, a monitor, a load balancer. Settling leaves these out.
_NAMELESS = (
    _tried(
        "closed_nameless",
        "^Connection (?:closed|reset) by " + _IP + r"(?: port (?P<src_port>[0-9]+))? \[preauth\]$",
        "failure",
        "other",
        "probe",
    ),
    _tried(
        "disconnected_nameless", "^Disconnected from " + _IP + _PORT + r" \[preauth\]$", "failure", "other", "probe"
    ),
    _tried(
        "no_ssh",
        "^Bad protocol version identification .* from " + _IP + r"(?: port (?P<src_port>[0-9]+))?$",
        "failure",
        "other",
        "probe",
    ),
    _tried("no_banner", "^banner exchange: Connection from " + _IP + _PORT + ": .*$", "failure", "other", "probe"),
    _tried(
        "timeout_nameless",
        "^Timeout before authentication for connection from " + _IP + " to [0-9A-Fa-f.:]+, pid = [0-9]+$",
        "failure",
        "other",
        "probe",
    ),
)

_PROBES = (
    _tried(
        "invalid_user",
        "^Invalid user "
        + _USER
        + " from "
        + _IP
        + r"(?: (?:port (?P<src_port>[0-9]+)(?: \[preauth\])?|\[preauth\]))?$",
        "failure",
        "unknown_account",
        "probe",
    ),
    _tried(
        "illegal_user",
        "^Illegal user " + _USER + " from " + _IP + "$",
        "failure",
        "unknown_account",
        "probe",
    ),
    Rule("invalid_user_request", "^input_userauth_request: (?:invalid|illegal) user .*$"),
    _tried(
        "closed_unknown",
        "^Connection (?:closed|reset) by invalid user " + _USER + " " + _IP + _PORT + _PREAUTH,
        "failure",
        "unknown_account",
        "probe",
    ),
    _tried(
        "closed",
        "^Connection (?:closed|reset) by authenticating user " + _USER + " " + _IP + _PORT + _PREAUTH,
        "failure",
        "other",
        "probe",
    ),
    _tried(
        "disconnected_unknown",
        "^Disconnected from invalid user " + _USER + " " + _IP + _PORT + _PREAUTH,
        "failure",
        "unknown_account",
        "probe",
    ),
    _tried(
        "disconnected",
        "^Disconnected from authenticating user " + _USER + " " + _IP + _PORT + _PREAUTH,
        "failure",
        "other",
        "probe",
    ),
    Rule("too_many_failures", "^Disconnecting(?: .*)?: Too many authentication failures.*$"),
    _tried(
        "name_changed_unknown",
        "^Disconnecting invalid user "
        + _USER
        + " "
        + _IP
        + _PORT
        + r": Change of username or service not allowed: \([^ ]*\) -> \([^ ]*\)"
        + _PREAUTH,
        "failure",
        "unknown_account",
        "probe",
    ),
    _tried(
        "name_changed",
        "^Disconnecting authenticating user "
        + _USER
        + " "
        + _IP
        + _PORT
        + r": Change of username or service not allowed: \([^ ]*\) -> \([^ ]*\)"
        + _PREAUTH,
        "failure",
        "other",
        "probe",
    ),
    _tried(
        "too_many_attempts_unknown",
        "^error: maximum authentication attempts exceeded for invalid user "
        + _USER
        + _FROM
        + r"(?: ssh[12])?"
        + _PREAUTH,
        "failure",
        "unknown_account",
        "probe",
    ),
    _tried(
        "too_many_attempts",
        "^error: maximum authentication attempts exceeded for " + _USER + _FROM + r"(?: ssh[12])?" + _PREAUTH,
        "failure",
        "other",
        "probe",
    ),
    # The daemon goes on to ask such people for a password that it will not look at: its own line says "Failed", so
    # this one does too.
    _tried(
        "not_allowed_locked",
        "^User " + _USER + " not allowed because account is locked" + _PREAUTH,
        "failure",
        "locked",
        "probe",
    ),
    _tried(
        "not_allowed_shell",
        "^User " + _USER + " not allowed because shell .* (?:does not exist|is not executable)" + _PREAUTH,
        "failure",
        "disabled",
        "probe",
    ),
    _tried(
        "not_allowed",
        "^User " + _USER + " from " + ADDRESS_OR_NAME + " not allowed because [A-Za-z' ]+" + _PREAUTH,
        "failure",
        "policy",
        "probe",
    ),
    _tried(
        "root_refused",
        "^ROOT LOGIN REFUSED FROM " + _IP + r"(?: port (?P<src_port>[0-9]+))?" + _PREAUTH,
        "failure",
        "policy",
        "probe",
        {"user_name": "root"},
    ),
)

_KNOWN = (
    Rule("received_disconnect", "^Received disconnect from .*$"),
    Rule("received_disconnect_error", "^error: Received disconnect from .*$"),
    Rule("connection", "^Connection (?:closed|reset|from|timed out|refused).*$"),
    Rule("disconnected_other", r"^Disconnect(?:ed|ing).*$"),
    Rule("postponed", "^Postponed .*$"),
    Rule(
        "handshake",
        "^(?:Did not receive identification string|Bad protocol version|banner exchange|Unable to negotiate|"
        "Protocol major versions|kex_|ssh_dispatch_run|dispatch_protocol_|Bad packet|padding error|Corrupted |"
        "Magic value check|Bad remote protocol|scanned from|probed from|Bad client|Invalid key|key_|sshpkt_|"
        "ssh_packet_|Could not get|Read error|Write |packet_write_|Timeout,|userauth_|auth2_|Remote machine).*$",
    ),
    Rule("timeout", "^Timeout before authentication .*$"),
    Rule("names", "^(?:reverse mapping|Address |Nasty PTR|Could not reverse map|Could not resolve).*$"),
    Rule("limits", "^(?:drop connection|srclimit_|beginning MaxStartups|exited MaxStartups|refused connect).*$"),
    Rule(
        "server",
        "^(?:Server listening|Received S?[Ss]?(?:IG|ignal)|Exiting on|Generating |RESTART|sshd version|Set /proc|"
        "Starting |WARNING|Warning|rexec|main: ).*$",
    ),
    Rule(
        "session",
        "^(?:subsystem request|User child|Transferred|Changed root|Close session|Starting session|session_|"
        "Exec|Executing|Attempt to write login|Local disconnected|Closing |lastlog_|syslogin_|Nothing |open |close |"
        "forced |sent status|opendir|closedir|remove |rename |mkdir|rmdir|set |realpath|"
        "Read from socket|Terminat|channel |connect_to|bind|server_).*$",
    ),
    Rule(
        "keys",
        "^(?:Found |Accepted (?:key|certificate|cert) |Authorized to|Authentication (?:refused|tried|key)|"
        "Certificate |Root login accepted|Login restricted|Key |matching key found|trying public key).*$",
    ),
    Rule("expired", "^(?:User .* password has expired.*|Account .* has expired|User .* expired.*)$"),
    Rule("nss", "^(?:nss_ldap|nss_|gss_|GSSAPI|krb5|Kerberos|Authorized|libsystemd).*$"),
    Rule("debug", "^debug[1-3]: .*$"),
    Rule("trouble", "^(?:error|fatal): .*$"),
)

FORMAT = Format(
    name="sshd",
    title="OpenSSH sshd",
    group="hosts",
    programs=("sshd", "sshd-session", "sshd-auth"),
    rules=_ATTEMPTS + _PROBES[:1] + _PAM + _PROBES[1:] + _NAMELESS + _KNOWN,
    lacks="It never tells which password was tried, nor what the client calls itself.",
)
