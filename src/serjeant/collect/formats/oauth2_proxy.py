"""oauth2-proxy's authentication log (``auth-logging``), in its own standard form.

Source: pkg/logger/logger.go (``DefaultAuthLoggingFormat``; the request's id came with release 7) and oauthproxy.go.
The client stands first, with what a trusted proxy says of it behind; the name comes from the identity provider or,
with ``--htpasswd-file``, as it was typed. The provider judges passwords: what fails here with OAuth2 is a refusal by
rule.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import dated

_IP = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"
_REQUEST = "(?:[0-9a-f]{8}-[0-9a-f-]{27} - )?"
_STAMP = r"\[[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\]"
# "10.0.0.1:4242 (192.0.2.7)": a proxy and, as it says, its client.
_CLIENT = rf"^(?:[^ ]+ \()?\[?(?P<src_ip>{_IP})\]?(?::[0-9]+)?\)?(?:, [^ ]+)* - "
_WHO = rf"{_CLIENT}{_REQUEST}(?P<user_name>.*) {_STAMP} "
_PLAIN = _WHO.replace(".*", r"[^\[\]]*")
_NOBODY = _WHO.replace("P<src_ip>", ":").replace("P<user_name>", ":")
_WEB = {"service": "web"}

# The text behind a failure's status is the proxy's own, and ends the line; behind a success stands what the provider
# says of the user. A name typed with brackets could imitate a success, so a success has none.
_RULES = (
    Rule(
        "wrong",
        _WHO + r"\[AuthFailure\] Invalid authentication via (?:[Hh]tpasswd|[Ff]orm|[Bb]asic)[^\[\]]*$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule("csrf", _NOBODY + r"\[AuthFailure\] [^\[\]]*(?:CSRF|csrf|[Cc]ookie)[^\[\]]*$"),
    Rule("denied", _WHO + r"\[AuthFailure\] [^\[\]]*(?:unauthorized|denied)[^\[\]]*$", "refused", "policy", None, _WEB),
    Rule("failed", _WHO + r"\[AuthFailure\] [^\[\]]*$", "failure", "other", None, _WEB),
    Rule("error", _NOBODY + r"\[AuthError\] .*$"),
    Rule("sign_in", _PLAIN + r"\[AuthSuccess\] Authenticated via .*$", "success", None, None, _WEB),
)

FORMAT = Format(
    name="oauth2_proxy",
    title="oauth2-proxy",
    group="identity",
    programs=("oauth2-proxy", "oauth2_proxy"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "oauth2-proxy-auth",
            r"^(?P<header>)(?:[^ ]+ \()?\[?[0-9A-Fa-f.:]+\]?(?::[0-9]+)?\)?(?:, [^ ]+)* - .* "
            r"\[(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})\] \[Auth(?:Success|Failure|Error)\] ",
            lambda stamps, clock: dated(stamps, "%Y/%m/%d %H:%M:%S", clock),
            program="oauth2-proxy",
        ),
    ),
    lacks="It sees no password but those of its own file, and believes the address that a proxy before it tells.",
)
