"""Overseerr, Jellyseerr and Seerr: their log files, text and JSON (``.machinelogs.json``).

Source: server/routes/auth.ts, server/logger.ts. What a line knows stands behind it as JSON, the address before what
was typed; of a person whom Plex or Jellyfin vouch for, the password was right.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_LEVEL = r"^\[[a-z]+\](?:\[[^\]]*\])?: "
_DATA = r' \{(?:"account":\{)?"ip":"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)"'
_NAME = _DATA + r',"(?:email|jellyfinUsername|username)":"(?P<user_name>(?:[^"\\]|\\.)*)".*\}$'
_WRONG = "Failed sign-in attempt using invalid (?:Overseerr|Jellyseerr|Seerr)? ?password"
_MEDIA = "Failed login attempt from user with incorrect (?:Jellyfin|Emby) credentials"
_OUTSIDER = (
    "Failed sign-in attempt (?:by|from) (?:unimported )?(?:Plex|Jellyfin|Emby) user "
    "(?:with|without) access to the media server"
)
_DEAD = "Failed login attempt from user that has been deactivated in the (?:Jellyfin|Emby) server"

FORMAT = Format(
    name="overseerr",
    title="Overseerr and Jellyseerr",
    group="home",
    programs=("overseerr", "jellyseerr", "seerr"),
    rules=(
        Rule("wrong", _LEVEL + _WRONG + _NAME, "failure", "bad_password", None, _WEB),
        Rule("wrong_media", _LEVEL + _MEDIA + _NAME, "failure", "bad_password", None, _WEB),
        Rule("disabled", _LEVEL + _DEAD + _NAME, "failure", "disabled", None, _WEB),
        Rule(
            "outsider",
            _LEVEL
            + _OUTSIDER
            + r" \{(?:\"account\":\{)?(?:.*,)?\"ip\":\"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)\".*\}$",
            "challenged",
            "policy",
            None,
            _WEB,
        ),
        Rule(
            "other",
            r"^\[(?:info|debug)\](?:\[[^\]]*\])?: (?:Starting|Server|Found matching|Sign-in attempt from|Scan).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "overseerr",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z) )\[[a-z]+\](?:\[[^\]]*\])?: "
            r"Failed (?:sign-in|login) attempt (?:using|from|by) ",
            iso,
            program="overseerr",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "timestamp",
                "says": "message",
                "user_name": ("email", "account.email", "jellyfinUsername", "plexUsername"),
                "src_ip": ("ip", "account.ip"),
            },
            cases=(
                Case("wrong_json", {"says": "^" + _WRONG + "$"}, "failure", "bad_password", None, _WEB),
                Case("wrong_media_json", {"says": "^" + _MEDIA + "$"}, "failure", "bad_password", None, _WEB),
                Case("disabled_json", {"says": "^" + _DEAD + "$"}, "failure", "disabled", None, _WEB),
                Case("outsider_json", {"says": "^" + _OUTSIDER + "$"}, "challenged", "policy", None, _WEB),
            ),
            marks=('"timestamp"', '"message"', '"label"', '"level"', '"ip"'),
        ),
    ),
    lacks="It tells of no success.",
)
