r"""Centreon's ``login.log``, old (fields between bars) and new (Monolog).

Source: www/class/centreonAuth.class.php, src/Core/Security/Authentication. The address stands left of the name.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = (
    r"^(?:\|?-?[0-9]+\|[0-9]+\|[0-9]+\||[a-z.]+\.[A-Z]+: )\[(?:[A-Za-z0-9_ -]+)\] "
    r"\[(?P<src_ip>[0-9A-Fa-f.:]+)\] Authentication "
)
_WEB = {"service": "web"}

FORMAT = Format(
    name="centreon",
    title="Centreon",
    programs=("centreon",),
    rules=(
        Rule(
            "unknown",
            _HEAD + r"failed for '(?P<user_name>.*)' : (?:not found|user not found|No user|contact not found).*$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed", _HEAD + r"failed for '(?P<user_name>.*)'(?: ?: .*)?$", "failure", "bad_password", constants=_WEB
        ),
        Rule("login", _HEAD + r"succeeded for '(?P<user_name>.*)'(?: .*)?$", "success", constants=_WEB),
        Rule("other", r"^\|?-?[0-9]+\|[0-9]+\|[0-9]+\|(?:\[[A-Za-z]+\] )?(?:Contact|User|Logout).*$"),
    ),
    envelopes=(
        Envelope(
            "centreon",
            r"^(?P<header>\[?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ "
            r"T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[+-][0-9]{2}:[0-9]{2})?)\]?[| ])"
            r"(?:-?[0-9]+\|[0-9]+\|[0-9]+\||authentication\.[A-Z]+: )",
            iso,
            program="centreon",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="It does not tell what the client calls itself.",
)
