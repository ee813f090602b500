r"""AWX, Ansible Automation Controller and Ansible Tower.

Source: awx/api/generics.py (``LoggedLoginView``). The address stands last.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = r"^(?:[A-Z]+ +)?(?:\[[0-9a-f-]*\] )?(?:awx\.[a-z_.]+ )?"
_FROM = r" from (?P<src_ip>[0-9A-Fa-f.:]+)$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="awx",
    title="AWX, Ansible Tower",
    programs=("awx", "awx-web", "tower"),
    rules=(
        Rule(
            "failed",
            _HEAD + "Login failed for user (?P<user_name>.*)" + _FROM,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("login", _HEAD + "User (?P<user_name>.*) logged in" + _FROM, "success", constants=_WEB),
        Rule("other", _HEAD + "(?:status [0-9]{3} received|User .* logged out).*$"),
    ),
    envelopes=(
        Envelope(
            "awx",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) )"
            r"[A-Z]+ +(?:\[[0-9a-f-]*\] )?awx\.api\.[a-z_.]+ ",
            iso,
            program="awx",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="It does not tell whether the name exists.",
)
