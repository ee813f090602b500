r"""nginx's error log (and OpenResty's, Angie's): basic authentication, PAM, and its mail proxy.

Sources: ngx_http_auth_basic_module.c, ngx_mail_auth_http_module.c, ngx_http_request.c (``ngx_http_log_error_handler``),
ngx_http_auth_pam_module.c. Access logs are the format ``http``.

Nothing is escaped in this log. The name stands left of the address, and the request and the referrer, which a client
writes too, stand right of it. So an address is believed only where neither side repeats the words around it; of any
other line the address is not told.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_WEB = {"service": "web", "auth_protocol": "basic"}
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)"
_CLIENT = ", client: " + _IP
_REST = r"(?:, (?:[^\"]|\"[^\": ])*\"?)?$"
_MAIL = ", client: " + _IP + r"(?::[0-9]+)?(?: using starttls)?, server: [^ \",]*, login: \"(?P<user_name>.*)\""


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y/%m/%d %H:%M:%S", clock)


_RULES = (
    Rule(
        "mismatch",
        r"^user \"(?P<user_name>[^\"]*)\": password mismatch" + _CLIENT + _REST,
        "failure",
        "bad_password",
        constants=_WEB,
    ),
    Rule(
        "unknown",
        r"^user \"(?P<user_name>[^\"]*)\" was not found in \"[^\"]*\"" + _CLIENT + _REST,
        "failure",
        "unknown_account",
        constants=_WEB,
    ),
    Rule(
        "odd_name",
        r"^user \"(?P<user_name>[^\"]*)\".*(?:\": password mismatch|\" was not found in \"[^\"]*\"), client: .*$",
        "failure",
        "other",
        constants=_WEB,
    ),
    Rule(
        "pam",
        r"^PAM: user '(?P<user_name>[^']*)' - not authenticated: [^,:']*" + _CLIENT + r"(?:, (?:[^']|'[^' ])*'?)?$",
        "failure",
        "bad_password",
        constants=_WEB,
    ),
    Rule(
        "mail_failed",
        r"^client login failed: \"[^\"]*\" while in http auth state" + _MAIL + "$",
        "failure",
        "bad_password",
        constants={"service": "mail"},
    ),
    Rule(
        "mail_login",
        r"^client logged in" + _MAIL + r", upstream: [0-9A-Fa-f.:\[\]]+(?:, [^\"]*)?$",
        "success",
        constants={"service": "mail"},
    ),
    Rule("asked", r"^no user/password was provided for basic authentication.*$"),
    Rule(
        "other",
        r"^(?:FastCGI |PHP message|open\(\)|directory index|access forbidden|client |upstream |connect\(\)|recv\(\)|"
        r"readv?\(\)|writev\(\)|send(?:file)?\(\)|SSL_|ssl_|a client request|an upstream|no live upstreams|limiting |"
        r"delaying |signal |start |worker |using |built |OS: |getrlimit|gracefully|exiting|exit|reconfiguring|"
        r"cache |notice: |conflicting |no resolver|could not |invalid |rewrite |peer closed|\[lua\]|lua |ModSecurity|"
        r"[0-9]+ |proc|getaddrinfo|host not found|auth request unexpected|OCSP|shutdown\(\)|bind\(\)|epoll).*$",
    ),
)

FORMAT = Format(
    name="nginx",
    title="nginx error log",
    group="web",
    programs=("nginx", "openresty", "angie", "tengine", "freenginx"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "nginx-error",
            r"^(?P<header>(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"\[(?:debug|info|notice|warn|error|crit|alert|emerg)\] [0-9]+#[0-9]+: (?:\*[0-9]+ )?)",
            _time,
            program="nginx",
        ),
    ),
    lacks="It does not tell successful sign-ins of basic authentication, nor what the client calls itself; of a line "
    "whose name or request imitates the log it does not tell the address.",
)
