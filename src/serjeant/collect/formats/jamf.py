"""Jamf Pro's access log (JSSAccess.log), as the server writes it and as Jamf Log Stream sends it.

Source: Jamf's developer guide, "Jamf Log Stream" (access log). One sign-in to the web console may be told twice there,
for ``JSS`` and for ``Universal API``. The name stands first; what follows it is read from the right.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_IP = r"(?:(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)|[^,=]*)"
_WHO = r"^username=(?P<user_name>.*), status="
_FROM = ", ipAddress=" + _IP + ", entryPoint=[^,=]*$"
_WEB = {"service": "web"}
_API = {"service": "api"}

FORMAT = Format(
    name="jamf",
    title="Jamf Pro",
    group="apps",
    programs=("jamf",),
    rules=(
        Rule("wrong", _WHO + "Failed Login" + _FROM, "failure", "bad_password", None, _WEB),
        Rule("right", _WHO + "Successful Login" + _FROM, "success", None, None, _WEB),
        Rule("token_wrong", _WHO + "Failed token creation" + _FROM, "failure", "other", None, _API),
        Rule("token", _WHO + "Successful token creation" + _FROM, "success", None, None, _API),
        Rule("other", "^username=.*, status=[A-Z][A-Za-z ]*, ipAddress=.*$"),
    ),
    envelopes=(
        Envelope(
            "jamf-access",
            r"^(?P<header>(?:\[JSSACCESSLOG\] )?"
            "(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]+)"
            "(?: -|:) )username=.*, status=[A-Z][A-Za-z ]*, ipAddress=",
            iso,
            program="jamf",
        ),
    ),
    lacks="It does not say why a sign-in failed, and may tell of one twice (console and API).",
)
