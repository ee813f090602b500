"""Dolibarr's log, dolibarr.log or syslog (source: htdocs/core/login/functions_dolibarr.php, main.inc.php).

The address stands before the message, and the name in quotes in it.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHERE = r"^(?:[A-Z]+ +)?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+) +(?:[0-9]+ +(?:[0-9]+ +)?)?"
_KO = _WHERE + "functions_[a-z]+::check_user_password_[a-z]+ Authentication KO "

FORMAT = Format(
    name="dolibarr",
    title="Dolibarr",
    group="apps",
    programs=("dolibarr",),
    rules=(
        Rule(
            "wrong",
            _KO + "bad password for '?(?P<user_name>.*?)'?, cryptType=[a-z0-9_]*$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("unknown", _KO + "user not found for '?(?P<user_name>.*?)'?$", "failure", "unknown_account", None, _WEB),
        Rule(
            "other_entity",
            _KO + "(?:user not found for entity|no right|bad entity|expired).*$",
            "failure",
            "policy",
            None,
            _WEB,
        ),
        Rule(
            "login",
            _WHERE + r"This is a new started user session\. _SESSION\['dol_login'\]=(?P<user_name>.*) Session id=.*$",
            "success",
            None,
            None,
            _WEB,
        ),
        Rule(
            "other",
            r"^(?:[A-Z]+ +)?[0-9A-Fa-f.:]+ +(?:[0-9]+ +)*(?:--- |sql=|Access to|Translate|User::|Conf::|dol_|"
            r"functions_[a-z]+::check_user_password_[a-z]+ usertotest).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "dolibarr",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}) )[A-Z]+ +[0-9A-Fa-f.:]+ +(?:[0-9]+ +)*"
            r"(?:functions_[a-z]+::check_user_password_|This is a new started user session)",
            iso,
            program="dolibarr",
        ),
    ),
    lacks="What it says depends on its log level.",
)
