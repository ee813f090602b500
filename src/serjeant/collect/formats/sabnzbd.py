"""SABnzbd's log (source: sabnzbd/interface.py: ``check_login``), which speaks the language of its interface.

So a failure is known by its shape: a warning of ``interface`` whose words, without a colon or a digit, lead up to an
address, and after it the browser in brackets. Where a request has ``X-Forwarded-For``, its first address is taken for
the client's, since the other one is then the proxy's; who reaches the server without a proxy can write that header.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_CLIENT = r" \[(?P<client>.*)\]$"
_DIRECT = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"
_BEHIND = (
    r"(?P<peer>[0-9A-Fa-f.:]+) "
    r"\(X-Forwarded-For: (?P<forwarded>(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:[, ]+[0-9A-Fa-f.:, ]*)?)\)"
)
_FAILED = r"^WARNING::\[interface:[0-9]+\] [^:0-9\[(]+ "
_DONE = r"^INFO::\[interface:[0-9]+\] Successful login from "

FORMAT = Format(
    name="sabnzbd",
    title="SABnzbd",
    group="home",
    programs=("sabnzbd", "SABnzbd", "SABnzbdplus", "sabnzbdplus"),
    rules=(
        Rule("wrong_behind", _FAILED + _BEHIND + _CLIENT, "failure", "bad_password", None, _WEB),
        Rule("wrong", _FAILED + _DIRECT + _CLIENT, "failure", "bad_password", None, _WEB),
        Rule("login_behind", _DONE + _BEHIND + _CLIENT, "success", None, None, _WEB),
        Rule("login", _DONE + _DIRECT + _CLIENT, "success", None, None, _WEB),
        Rule("other", r"^(?:DEBUG|INFO|WARNING|ERROR)::\[(?:[a-hj-z_]|in[a-su-z_])[A-Za-z_]*:[0-9]+\] .*$"),
    ),
    envelopes=(
        Envelope(
            "sabnzbd",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3})::)[A-Z]+::\[interface:[0-9]+\] ",
            iso,
            program="sabnzbd",
        ),
    ),
    lacks="It does not tell which name was tried, and without ``trusted_proxies`` a forged X-Forwarded-For passes for "
    "the client.",
)
