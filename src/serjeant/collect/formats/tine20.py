r"""Tine 2.0 and tine Groupware: the server's log (Tinebase/Controller.php, Tinebase_Auth for the numbers)."""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_SAYS = (
    r"^Tinebase_Controller::[A-Za-z_]+::[0-9]+ Login with username (?P<user_name>.*) "
    r"from (?P<src_ip>[0-9A-Fa-f.:]+) failed"
)
_WEB = {"service": "web"}

FORMAT = Format(
    name="tine20",
    title="tine Groupware",
    group="apps",
    programs=("tine20", "tine"),
    rules=(
        Rule("unknown", _SAYS + r" \(-1\)!$", "failure", "unknown_account", constants=_WEB),
        Rule("expired", _SAYS + r" \(-100\)!$", "failure", "expired", constants=_WEB),
        Rule("locked", _SAYS + r" \(-101\)!$", "failure", "locked", constants=_WEB),
        Rule("disabled", _SAYS + r" \(-102\)!$", "failure", "disabled", constants=_WEB),
        Rule("failed", _SAYS + r"(?: \(-?[0-9]+\))?!?$", "failure", "bad_password", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "tine20-log",
            r"^(?P<header>[0-9a-f]+ [0-9a-f]+ (?:[0-9.]+[a-zA-Z]* [0-9.]+[a-zA-Z]* )?-- .{0,120}? -- - "
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9]{2}:[0-9]{2}) [A-Z]+ \([0-9]\): )"
            r"Tinebase_Controller::",
            iso,
            program="tine20",
        ),
    ),
    lacks="It does not tell sign-ins that worked.",
)
