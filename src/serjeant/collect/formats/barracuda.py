"""Barracuda Web Application Firewall: its audit log, as it comes by syslog.

Source: Barracuda WAF, "Exporting log formats" (Audit logs): unit, ``AUDIT``, administrator, client type, address, port,
transaction type and number, command, … The name is as typed; what follows it is read
from the right.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WHO = (
    r"^AUDIT (?P<user_name>.*) [A-Z]+ (?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*) "
    "(?P<src_port>[0-9]+) "
)
_CONSOLE = {"service": "console"}

FORMAT = Format(
    name="barracuda",
    title="Barracuda Web Application Firewall",
    group="network",
    programs=("barracuda",),
    rules=(
        Rule("wrong", _WHO + "UNSUCCESSFUL[_ ]LOGIN [0-9]+ [^.:]*$", "failure", "bad_password", None, _CONSOLE),
        Rule("right", _WHO + "LOGIN [0-9]+ [^.:]*$", "success", None, None, _CONSOLE),
        Rule("other", "^AUDIT .* [A-Z]+ [^ ]+ [0-9]+ [A-Z_]+ .*$"),
    ),
    envelopes=(
        Envelope(
            "barracuda-audit",
            r"^(?P<header>(?:[^ ]{1,40} |<[0-9]{1,3}>| ){0,8}"
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+ [+-][0-9]{4}) +(?P<host>[^ ]+) )"
            "AUDIT .* [A-Z]+ [0-9A-Fa-f.:]+ [0-9]+ [A-Z_]+ ",
            iso,
            program="barracuda",
        ),
    ),
    lacks="It tells of the appliance's administrators only, and not why a sign-in failed.",
)
