r"""AWX, Ansible Automation Controller and Ansible Tower: their own log, and the JSON that they send to log collectors.

Sources: awx/api/generics.py (``LoggedLoginView``), awx/main/utils/formatters.py. The address stands last; early
versions tell none of a success.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_HEAD = r"^(?:[A-Z]+ +)?(?:\[[0-9a-f-]*\] )?(?:awx\.[a-z_.]+ )?"
_FROM = r" from (?:(?P<src_ip>[0-9A-Fa-f.:]+)|None)$"
_FAILED = "Login failed for user (?P<user_name>.*)" + _FROM
_LOGIN = "User (?P<user_name>.*) logged in" + _FROM
_LOGIN_UNPLACED = r"User (?P<user_name>.*) logged in\.?$"
_OTHER = "(?:status [0-9]{3} received by |User .* (?:logged out|created by|deleted by) ?).*$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="awx",
    title="AWX, Ansible Tower",
    group="apps",
    programs=("awx", "awx-web", "tower"),
    rules=(
        Rule("failed", _HEAD + _FAILED, "failure", "bad_password", constants=_WEB),
        Rule("login", _HEAD + _LOGIN, "success", constants=_WEB),
        Rule("login_unplaced", _HEAD + _LOGIN_UNPLACED, "success", constants=_WEB),
        Rule("other", _HEAD + _OTHER),
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
    records=(
        Record(
            fields={
                "time": ('"@timestamp"', "timestamp", "time"),
                "message": "message",
                "logger": ("logger_name", "logger", "name"),
                "dst_host": ("host", "cluster_host_id"),
            },
            cases=(
                Case("sent_failed", {"message": "^" + _FAILED}, "failure", "bad_password", None, _WEB),
                Case("sent_login", {"message": "^" + _LOGIN}, "success", None, None, _WEB),
                Case("sent_login_unplaced", {"message": "^" + _LOGIN_UNPLACED}, "success", None, None, _WEB),
                Case("sent_other", {"logger": r"^awx\..*$"}),
            ),
            marks=('"message"', '"awx.'),
        ),
    ),
    lacks="It does not tell whether the name exists; early versions do not tell the address of those who succeed.",
)
