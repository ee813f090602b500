"""Jellyfin's log files (``log_20260605.log``) and its output as the journal has it.

Source: Jellyfin.Server.Implementations/Users/UserManager.cs, logging.default.json. In its files names and addresses
stand in quotes, on the console they do not. It looks whether an account is disabled before it tells what became of
the password.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso, missing

_WEB = {"service": "web"}
_WHERE = r"^(?:\[[0-9:]{8}\] )?\[[A-Z]{3}\] (?:\[[0-9]+\] )?(?:[A-Za-z.]+: )?"
_REQUEST = _WHERE + 'Authentication request for "?(?P<user_name>.*?)"? '
_FROM = r' \(IP: "?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[^ "]+)?"?\)\.$'

FORMAT = Format(
    name="jellyfin",
    title="Jellyfin",
    group="home",
    programs=("jellyfin",),
    rules=(
        Rule("wrong", _REQUEST + "has been denied" + _FROM, "failure", "bad_password", None, _WEB),
        Rule(
            "disabled",
            _REQUEST + "has been denied because this account is currently disabled" + _FROM,
            "failure",
            "disabled",
            None,
            _WEB,
        ),
        Rule(
            "remote",
            _REQUEST + "forbidden: remote access disabled and user not in local network" + _FROM,
            "failure",
            "policy",
            None,
            _WEB,
        ),
        Rule(
            "schedule",
            _REQUEST + "is not allowed at this time due parental restrictions" + _FROM,
            "failure",
            "policy",
            None,
            _WEB,
        ),
        Rule("login", _REQUEST + r"has succeeded\.$", "success", None, None, _WEB),
        Rule(
            "other",
            r"^(?:\[[0-9:]{8}\] )?\[(?:INF|DBG)\] (?:\[[0-9]+\] )?"
            r"(?:Emby|MediaBrowser|Jellyfin\.(?:Api|Drawing|Networking)|Microsoft|Main)[A-Za-z.]*: .*$",
        ),
    ),
    envelopes=(
        Envelope(
            "jellyfin",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3} [+-][0-9]{2}:[0-9]{2})\] )"
            r"\[[A-Z]{3}\] \[[0-9]+\] [A-Za-z.]+: Authentication request for ",
            iso,
            program="jellyfin",
        ),
        # What a container writes has the hour only; what is around it tells the day.
        Envelope(
            "jellyfin-console",
            r"^(?P<header>\[(?P<stamp>[0-9:]{8})\] )\[[A-Z]{3}\] \[[0-9]+\] [A-Za-z.]+: Authentication request for ",
            missing,
            program="jellyfin",
        ),
    ),
    lacks="It does not tell where a sign-in that succeeded came from, nor whether a name exists.",
)
