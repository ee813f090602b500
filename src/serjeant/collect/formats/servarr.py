"""Radarr, Sonarr, Prowlarr, Lidarr, Readarr, Whisparr: their log files and what they write to the journal.

Source: src/*.Http/Authentication/AuthenticationService.cs, src/NzbDrone.Common/Instrumentation/NzbDroneLogger.cs. The
quotes around the name are the line's own. ``Auth-Unauthorized`` is a request without a session or key.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHERE = r"^(?:\[[A-Za-z]+\] Auth: |[A-Za-z]+\|Auth\|)"
_WHO = r" ip (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[^ ]+)? username '(?P<user_name>.*)'$"

FORMAT = Format(
    name="servarr",
    title="Radarr, Sonarr, Prowlarr, Lidarr, Readarr",
    group="home",
    programs=(
        "Radarr",
        "Sonarr",
        "Prowlarr",
        "Lidarr",
        "Readarr",
        "Whisparr",
        "radarr",
        "sonarr",
        "prowlarr",
        "lidarr",
        "readarr",
        "whisparr",
        "mono",
    ),
    rules=(
        Rule("wrong", _WHERE + "Auth-Failure" + _WHO, "failure", "bad_password", None, _WEB),
        Rule("login", _WHERE + "Auth-Success" + _WHO, "success", None, None, _WEB),
        Rule("session", _WHERE + "Auth-(?:Unauthorized|Invalidated|Logout) .*$"),
        Rule("other", r"^\[(?:Trace|Debug|Info|Warn|Error|Fatal)\] (?:[B-Zb-z]|A[a-tv-z])[A-Za-z0-9]*: .*$"),
    ),
    envelopes=(
        Envelope(
            "servarr",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]+)\|)[A-Za-z]+\|Auth\|Auth-",
            iso,
            program="Radarr",
        ),
    ),
    lacks="It does not tell which of the family wrote the line, nor whether a name exists.",
)
