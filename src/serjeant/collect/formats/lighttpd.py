r"""lighttpd's error log (mod_auth). Its access log is of the format ``http``.

Source: src/mod_auth.c and the older src/http_auth.c. The address stands last.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_FROM = r" IP: (?P<src_ip>[0-9A-Fa-f.:]+)$"
_HEAD = r"^\(?(?:mod|http)_auth[a-z_]*\.c\.[0-9]+\) "
_BASIC = {"service": "web", "auth_protocol": "basic"}
_DIGEST = {"service": "web", "auth_protocol": "digest"}

FORMAT = Format(
    name="lighttpd",
    title="lighttpd error log",
    group="web",
    programs=("lighttpd",),
    rules=(
        Rule(
            "mismatch",
            _HEAD + r"password doesn't match for .* username: (?P<user_name>.*?),?" + _FROM,
            "failure",
            "bad_password",
            constants=_BASIC,
        ),
        Rule(
            "digest_mismatch",
            _HEAD + r"digest: auth failed for +(?P<user_name>.*?) ?: wrong password," + _FROM,
            "failure",
            "bad_password",
            constants=_DIGEST,
        ),
        Rule(
            "unknown",
            _HEAD + r"get_password failed,(?P<user_name>)" + _FROM,
            "failure",
            "unknown_account",
            constants=_BASIC,
        ),
        Rule(
            "digest_odd",
            _HEAD + r"digest: auth failed: [a-z]+ mismatch \(.*\)," + _FROM,
            "refused",
            "policy",
            constants=_DIGEST,
        ),
        Rule("other", r"^\([a-z_0-9-]+\.c\.[0-9]+\) (?:server |warning|connection|SSL|closing|logfiles|fdevent).*$"),
    ),
    envelopes=(
        Envelope(
            "lighttpd",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}): "
            r")\(?[a-z_0-9-]+\.c\.[0-9]+\) ",
            iso,
            program="lighttpd",
        ),
    ),
    lacks="It does not tell successful sign-ins.",
)
