r"""ISPConfig's ``auth.log`` of its interface.

Source: interface/web/login/index.php. The line ends in address and time; a name that the form takes has no quotes, and
the last ``from`` is the true one.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
_TAIL = r" login for user '(?P<user_name>.*)' from '?(?P<src_ip>[0-9A-Fa-f.:]+)'? at " + _STAMP
_SESSION = "(?: with session ID [0-9A-Za-z,-]+)?$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="ispconfig",
    title="ISPConfig",
    group="web",
    programs=("ispconfig",),
    rules=(
        Rule("failed", r"^Failed" + _TAIL + _SESSION, "failure", "bad_password", constants=_WEB),
        Rule("login", r"^Successful" + _TAIL + _SESSION, "success", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "ispconfig",
            r"^(?P<header>)(?:Failed|Successful) login for user '.*' from '?[0-9A-Fa-f.:]+'? at "
            r"(?P<stamp>" + _STAMP + ")" + _SESSION,
            iso,
            program="ispconfig",
        ),
    ),
    lacks="It does not tell whether the name exists.",
)
