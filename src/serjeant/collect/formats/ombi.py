"""Ombi's log file, as Serilog writes it (source: src/Ombi/Controllers/V1/TokenController.cs).

It tells of a failure at most, by address: for a name that does not exist always, for a wrong password since 4.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

FORMAT = Format(
    name="ombi",
    title="Ombi",
    group="home",
    programs=("ombi", "Ombi"),
    rules=(
        Rule(
            "wrong",
            r"^\[[A-Za-z]+\] Failed login attempt by IP: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)$",
            "failure",
            "bad_password",
            None,
            {"service": "web"},
        ),
        Rule("other", r"^\[(?:Debug|Information)\] .*$"),
    ),
    envelopes=(
        Envelope(
            "ombi",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3} [+-][0-9]{2}:[0-9]{2}) )"
            r"\[[A-Za-z]+\] Failed login attempt by IP: ",
            iso,
            program="ombi",
        ),
    ),
    lacks="It tells neither the name nor of any success.",
)
