r"""Squid's native access log (source: Squid's ``logformat squid``): proxies that ask for a name and a password.

``TCP_DENIED/407`` with a name is a wrong password; without one it is the proxy's question. Names are URL-encoded and
URLs hold no spaces, so every field stands in its place. Requests that are let through are no sign-ins.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import moment

_PROXY = {"service": "proxy"}

_RULES = (
    Rule("asked", r"^[^ ]+ [A-Z_]+/407 [0-9]+ [A-Z_-]+ [^ ]+ - .*$"),
    Rule(
        "wrong",
        r"^(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+) (?:TCP_DENIED|TCP_DENIED_REPLY|NONE_NONE|NONE)/407 [0-9]+ "
        r"[A-Z_-]+ [^ ]+ "
        r"(?P<user_name>[^ ]+) [A-Z_]+/[^ ]+ [^ ]+(?: .*)?$",
        "failure",
        "bad_password",
        None,
        _PROXY,
    ),
    Rule("request", r"^[^ ]+ [A-Z_]+/[0-9]{3} [0-9]+ [A-Za-z_:-]+ [^ ]+ [^ ]+ [A-Z_]+/.*$"),
)

FORMAT = Format(
    name="squid",
    title="Squid proxy",
    group="network",
    programs=("squid", "(squid-1)"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "squid",
            r"^(?P<header>(?P<stamp>[0-9]{9,10}\.[0-9]{3}) +-?[0-9]+ )[^ ]+ (?:TCP|UDP|NONE|TAG|"
            r"ERR)[A-Z_]*/[0-9]{3} [0-9]+ ",
            moment,
            program="squid",
        ),
    ),
    lacks="It tells no successes; a name stays as it stands in a URL.",
)
