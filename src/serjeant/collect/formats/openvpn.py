"""OpenVPN 2.x servers, by syslog or in their own log file, and OpenVPN Access Server (openvpnas.log).

Sources: ssl_verify.c, push.c, multi.c, mroute.c (``mroute_addr_print_ex``: IPv6 clients are told without their port).

Before a client has a name its lines begin with its address alone; the line that rejects a password tells the address,
and the one that tells the client so tells its certificate's name. Both are joined by ``address:port``, which is why
that is the session. A handshake that fails is a probe: nobody was named and no password was tried. With a login that
is put off (a script, a plugin) only the pushed reply tells of success, hence it is a probe too.

Names hold no spaces here: OpenVPN replaces them.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_IP = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_KIND = r"(?:(?:tcp|udp)[46]?(?:-server)?:)?"
_CLIENT = _KIND + r"(?P<session_uid>\[?(?P<src_ip>" + _IP + r")\]?(?::(?P<src_port>[0-9]{1,5}))?)(?:/[^ ]*)? "
_AT = "^(?:[^ ]*/)?" + _CLIENT
_NAMED = "^(?:(?P<user_name>[^ ]*)/)?" + _CLIENT
_SOMEBODY = r"(?:[^ ]*/)?" + _KIND + r"\[?(?:" + _IP + r")\]?(?::[0-9]{1,5})?(?:/[^ ]*)? "
_BAD = "TLS Auth Error: "
_TOLD = r"SENT CONTROL \[(?P<user_name>[^ \]]*)\]: "
_UNNAMED = r"SENT CONTROL \[UNDEF\]: "
# Access Server quotes what its daemons say.
_END = r"['\"]?$"
_STATUS = r"' \(status=[0-9]+\)" + _END
_AS_FAILED = r"^(?:\[[^ \]]*\] )?AUTH FAILED \{'status': [0-9]+, 'user': '(?P<user_name>[^']*)', 'reason': (?:'|\")"
_AS_RIGHT = r"^(?:\[[^ \]]*\] )?AUTH SUCCESS \{'status': [0-9]+, 'user': '(?P<user_name>[^']*)', 'reason': .*$"


def _vpn(name: str, outcome: str, reason: str | None, witness: str | None, pattern: str, protocol: str = "") -> Rule:
    told = {"auth_protocol": protocol} if protocol else {}
    second = {"is_mfa": True} if reason == "mfa" else {}
    return Rule(name, pattern, outcome, reason, witness, {"service": "vpn", **told, **second})


_RULES = (
    _vpn(
        "password_wrong",
        "failure",
        "bad_password",
        "auth",
        _NAMED + _BAD + "Auth Username/Password verification failed for peer" + _END,
        "password",
    ),
    _vpn(
        "password_missing",
        "failure",
        "other",
        "auth",
        _NAMED + _BAD + "Auth Username/Password was not provided by peer$",
    ),
    _vpn(
        "certificate_wrong",
        "failure",
        "other",
        "auth",
        _NAMED + _BAD + "Auth Certificate verification failed for peer$",
        "certificate",
    ),
    # The certificate or the password was right; the server wants a file of this name to be there as well.
    _vpn(
        "not_configured",
        "challenged",
        "policy",
        "auth",
        _AT + _BAD + r"--client-config-dir authentication failed for common name '(?P<user_name>.*)' file='.*$",
    ),
    _vpn("name_changed", "refused", "policy", "auth", _NAMED + _BAD + ".* attempted to change from .*$"),
    _vpn(
        "password_right",
        "success",
        None,
        "auth",
        _AT + r"TLS: Username/Password authentication succeeded for username '(?P<user_name>.*)'(?: \[CN SET\])?\"?$",
        "password",
    ),
    # Dynamic challenges come after the password.
    _vpn("second_factor_nameless", "challenged", "mfa", "daemon", _AT + _UNNAMED + "'AUTH_FAILED,CRV1:.*" + _STATUS),
    _vpn("second_factor", "challenged", "mfa", "daemon", _AT + _TOLD + "'AUTH_FAILED,CRV1:.*" + _STATUS),
    _vpn("token_expired", "refused", "expired", "daemon", _AT + _TOLD + "'AUTH_FAILED,SESSION:.*" + _STATUS),
    _vpn("told_failed_nameless", "failure", "bad_password", "daemon", _AT + _UNNAMED + "'AUTH_FAILED.*" + _STATUS),
    _vpn("told_failed", "failure", "bad_password", "daemon", _AT + _TOLD + "'AUTH_FAILED.*" + _STATUS),
    _vpn("pushed_nameless", "success", None, "probe", _AT + _UNNAMED + "'PUSH_REPLY.*" + _STATUS),
    _vpn("pushed", "success", None, "probe", _AT + _TOLD + "'PUSH_REPLY.*" + _STATUS),
    _vpn("told_client", "failure", "bad_password", "daemon", _NAMED + "AUTH: Received control message: AUTH_FAILED.*$"),
    _vpn(
        "handshake_failed",
        "failure",
        "other",
        "probe",
        _AT + r"TLS Error: TLS handshake failed(?: from \[AF_INET6?\][^ ]*)?$",
    ),
    # The script of pfSense and OPNsense; the daemon tells the address of the same attempt, and nothing joins them.
    _vpn(
        "script_right", "success", None, None, "^user '(?P<user_name>.*)' authenticated(?: using '[^']*')?$", "password"
    ),
    _vpn(
        "script_wrong",
        "failure",
        "bad_password",
        None,
        r"^user '(?P<user_name>.*)' could not authenticate(?:\.| using .*)?$",
        "password",
    ),
    # Access Server: the address stands on other lines.
    _vpn("as_right", "success", None, None, _AS_RIGHT),
    _vpn("as_locked", "failure", "locked", None, _AS_FAILED + "[^{}]*(?:locked out|LOCKOUT).*$"),
    _vpn("as_challenge", "challenged", "mfa", None, _AS_FAILED + "(?:challenge|Google Authenticator|TOTP).*$"),
    _vpn("as_wrong", "failure", "bad_password", None, _AS_FAILED + ".*$"),
    Rule("as_other", "^(?:AUTH (?:DEFERRED|CONNECTED) |VPN Auth |LOG_DB|(?:\\[OVPN [0-9]+\\] )?OUT: |License ).*$"),
)

_WORDS = (
    r"(?:PLUGIN_CALL: |TLS: |TLS Error: |TLS Auth Error: |VERIFY |OpenSSL: |tls-crypt|Authenticate/Decrypt |SENT |"
    r"WARNING: |NOTE: |Control Channel|Data Channel|Outgoing |Incoming |\[[^ ]*\] |MULTI|Peer Connection |PUSH: |"
    r"Delayed exit|SIG[A-Z0-9]+\[|Connection reset|TCP |UDP|peer info: |Re-using |Expected Remote|Local Options|AUTH: |"
    r"Authentication succeeded|OPTIONS IMPORT|CC-EEN|Socket |LZO |Fatal |read |write |Bad |Timers: |Protocol )"
)

_KNOWN = (
    Rule("client", "^" + _SOMEBODY + _WORDS + ".*$"),
    # PAM tells the name, and neither the address nor the process of the client.
    Rule("plugin", "^(?:AUTH-PAM: |PLUGIN_|LDAP |Unable to |Incorrect password supplied for LDAP |RADIUS-PLUGIN: ).*$"),
    Rule(
        "server",
        "^(?:OpenVPN |library versions|Incoming |Outgoing |MULTI|TUN/TAP|TCP|UDP|Diffie|Initialization|Listening|"
        "Socket |ECDH|TLS|WARNING|NOTE|Note|IFCONFIG|net_|/s?bin/|/usr/|SIG|event_wait|Closing|do_ifconfig|Could not|"
        "read |write |GID |UID |OPTIONS |MANAGEMENT|CRL|Data Channel|Control Channel|AUTH: |DEPRECATED|Exiting|ROUTE|"
        "Connection ).*$",
    ),
)

_DAY = "[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
_REST = "(?: us=[0-9]+)? )(?:" + _SOMEBODY + _WORDS + "|AUTH-PAM: |OpenVPN [0-9]|Incoming Control |Initialization Seq)"


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a %b %e %H:%M:%S %Y", clock)


FORMAT = Format(
    name="openvpn",
    title="OpenVPN",
    group="network",
    programs=("openvpn", "ovpn-server", "openvpn-server", "openvpn_server", "openvpnas", "ovpn"),
    rules=_RULES + _KNOWN,
    envelopes=(
        Envelope("openvpn-file", "^(?P<header>(?P<stamp>" + _ISO + ")" + _REST, iso, program="openvpn"),
        Envelope("openvpn-file-old", "^(?P<header>(?P<stamp>" + _DAY + ")" + _REST, _dated, program="openvpn"),
        Envelope(
            "openvpn-access-out",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{4}) "
            r"\[stdout#[a-z]+\] \[OVPN [0-9]+\] OUT: ['\"](?:(?:" + _ISO + "|" + _DAY + ") )?)" + _SOMEBODY + _WORDS,
            iso,
            program="openvpn",
        ),
        Envelope(
            "openvpn-access-server",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{4}) "
            r"\[(?:stdout#[a-z]+|-)\] )(?:AUTH |VPN Auth |LOG_DB|\[)",
            iso,
            program="openvpnas",
        ),
    ),
    lacks="A wrong password is told without the name that was typed (unless a certificate names the client), and by "
    "Access Server without the address.",
)
