"""TeamSpeak 3 server: logins of ServerQuery (its stamps are in UTC).

Source: the server's own log (ts3server_*.log).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_IP = r"\[?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*?)\]?:(?P<src_port>[0-9]+)"
_HEAD = r"^[A-Z]+ *\|[A-Za-z ]+\|[^|]*\|"
_QUERY = {"service": "api"}

_RULES = (
    Rule(
        "wrong",
        _HEAD + "query from [0-9]+ " + _IP + ' attempted to login with account "(?P<user_name>.*)" and failed!$',
        "failure",
        "bad_password",
        None,
        _QUERY,
    ),
    Rule(
        "success",
        _HEAD + "query from [0-9]+ " + _IP + r' issued: login with account "(?P<user_name>.*)" ?(?:\([^()]*\))?$',
        "success",
        None,
        None,
        _QUERY,
    ),
    Rule("other", _HEAD + "(?:client |query |listening|TeamSpeak|Database|dbPlugin|ServerAdmin|server |Puzzle|"
"myTeamSpeak|"
        "channel |permission|ban |file |virtualserver|Starting|shutting|pid|Server|SSH|updated|whitelist|"
"blacklist).*$"),
)  # fmt: skip


def _utc(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps + "Z", clock)


FORMAT = Format(
    name="teamspeak",
    title="TeamSpeak server",
    group="chat",
    programs=("teamspeak", "ts3server", "teamspeak3"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "teamspeak",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+)\|)[A-Z]+ "
            r"*\|[A-Za-z ]+\|[^|]*\|",
            _utc,
            program="teamspeak",
        ),
    ),
    lacks="Clients that connect to a voice server have no password of their own, so they are not read.",
)
