r"""Eclipse Mosquitto, the MQTT broker: its own log file and syslog.

Sources: src/handle_connect.c, src/context.c and src/loop.c of releases 1.6 to 2.1, mosquitto.conf(5)
(``log_timestamp_format``).

The client's own id stands left of the name; ids with brackets, which could imitate the rest, are left unread. Who gave
no name is anonymous and no sign-in.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso, moment

_MQTT = {"service": "mqtt"}
_KNOWN = (
    "(?:New client |New connection |Client |Sending |Received |Socket |OpenSSL |mosquitto version |Opening |No will )"
)
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:?[0-9]{2})?"

FORMAT = Format(
    name="mosquitto",
    title="Mosquitto",
    group="data",
    programs=("mosquitto",),
    rules=(
        Rule(
            "right",
            r"^New client connected from (?P<src_ip>[0-9A-Fa-f.:]+?)(?::(?P<src_port>[0-9]{4,5}))? as "
            r"(?P<client>[^()]*) \((?:p[0-9], )?c[01], k[0-9]+, u'(?P<user_name>.*)'\)\.$",
            "success",
            constants=_MQTT,
        ),
        Rule(
            "wrong",
            r"^Client (?P<client>.*) \[(?P<src_ip>[0-9A-Fa-f.:]+):(?P<src_port>[0-9]{1,5})\] "
            r"disconnected: not authorised\.$",
            "failure",
            "bad_password",
            constants=_MQTT,
        ),
        Rule(
            "wrong_nowhere",
            r"^Client (?P<client>.*) disconnected, not authorised\.$",
            "failure",
            "bad_password",
            constants=_MQTT,
        ),
        Rule("other", "^" + _KNOWN + ".*$"),
    ),
    envelopes=(
        Envelope("mosquitto", r"^(?P<header>(?P<stamp>[0-9]{10}): )" + _KNOWN, moment, program="mosquitto"),
        Envelope("mosquitto-iso", "^(?P<header>(?P<stamp>" + _DATE + "): )" + _KNOWN, iso, program="mosquitto"),
    ),
    lacks="A failure names nobody, and before 2.1 no address either; whether the name exists it never tells.",
)
