r"""Hestia's and VestaCP's control panel: log/auth.log (web/login/index.php, func/main.sh).

Time, name, address and what became of it. Anchored from the right: a name may be anything.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)"
_WHO = "^(?P<user_name>.*) " + _IP
_SAYS = r"(?:failed to login|successfully logged in)"
_WEB = {"service": "web"}

FORMAT = Format(
    name="hestiacp",
    title="Hestia Control Panel",
    group="web",
    programs=("hestia", "hestiacp", "vesta"),
    rules=(
        Rule("failed", _WHO + " failed to login$", "failure", "bad_password", constants=_WEB),
        Rule("login", _WHO + " successfully logged in$", "success", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "hestia-auth",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) ).* "
            r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*) " + _SAYS + "$",
            iso,
            program="hestia",
        ),
    ),
    lacks="It does not tell wrong passwords from unknown names or a wrong second factor.",
)
