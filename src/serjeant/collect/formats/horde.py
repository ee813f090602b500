r"""Horde and its mail client IMP: sign-ins in Horde's log, as a file or by syslog.

Sources: Horde 3's login.php and imp/lib/Auth/imp.php, Horde_Core_Auth_Application (5). Behind the address stands what
``X-Forwarded-For`` said; so the name may hold no brackets, that no parentheses, and the first
address is the true one.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_HEAD = r"^(?:\[[a-z]+\] )?\[[a-z_]+\] "
_FORWARDED = r"(?: ?\(forwarded for (?:(?P<forwarded>[0-9A-Fa-f.:, ]+)|[^()]*)\))?"
_PLACE = r"(?: \[(?:pid [0-9]+ )?on line [0-9]+ of \"[^\"]*\"\])?$"
_REST = r" to (?:\{[^{}]*\}|[^{}\[\]() ]+)" + _PLACE
_WHO = r"(?P<user_name>[^\[\]()]*) [\[(](?P<src_ip>[0-9A-Fa-f.:]+)[\])]" + _FORWARDED + _REST
_WHO_5 = r"(?P<user_name>[^\[\]()]*) to [^\[\]() ]+ \((?P<src_ip>[0-9A-Fa-f.:]+)\)" + _PLACE
_WEB = {"service": "web"}

FORMAT = Format(
    name="horde",
    title="Horde",
    group="mail",
    programs=("HORDE", "horde", "Horde"),
    rules=(
        Rule("failed", _HEAD + "FAILED LOGIN for " + _WHO, "failure", "bad_password", constants=_WEB),
        Rule("failed_5", _HEAD + "FAILED LOGIN for " + _WHO_5, "failure", "bad_password", constants=_WEB),
        Rule("login", _HEAD + "Login success for " + _WHO, "success", constants=_WEB),
        Rule("login_5", _HEAD + "Login success for " + _WHO_5, "success", constants=_WEB),
        Rule("other", _HEAD + r"(?:Logout|Message sent|\[status\]|PHP |Permission|Could not|Unable|User |Deleted).*$"),
    ),
    envelopes=(
        Envelope(
            "horde-log",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}) HORDE )\[[a-z]+\] \[[a-z_]+\] ",
            bsd,
            program="HORDE",
        ),
        Envelope(
            "horde-log-5",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[+-][0-9]{2}:[0-9]{2}) [A-Z]+: HORDE )"
            r"\[[a-z_]+\] ",
            iso,
            program="HORDE",
        ),
    ),
    lacks="It does not tell wrong passwords from unknown names; a name with brackets is not read.",
)
