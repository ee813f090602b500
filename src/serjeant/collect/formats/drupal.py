r"""Drupal 7 to 11, as its module Syslog writes.

Source: core/modules/syslog (``base_url|timestamp|type|ip|request_uri|referer|uid|link|message``),
core/modules/user/src/Form/UserLoginForm.php. What the client asked for, and the name, may hold bars too: then there
are more than nine fields, and of these only the address is believed, which stands left of both. Its name in syslog is a
setting, so lines are known by what stands in them.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_HEAD = r"^[^|]*\|[0-9]+\|user\|(?P<src_ip>[0-9A-Fa-f.:]+)\|[^|]*\|[^|]*\|[0-9]+\|[^|]*\|"
_ODD = r"^[^|]*\|[0-9]+\|user\|(?P<src_ip>[0-9A-Fa-f.:]+)\|.*\|Login attempt failed (?:for|from) .*(?P<user_name>)$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="drupal",
    title="Drupal",
    group="apps",
    programs=("drupal", "drupal7", "drupal8"),
    rules=(
        Rule(
            "failed",
            _HEAD + r"Login attempt failed for (?P<user_name>[^|]*)\.$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "failed_nameless",
            _HEAD + r"Login attempt failed from (?P<user_name>)(?:[0-9A-Fa-f.:]+|[^|]*)\.$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "flood",
            _HEAD + r"Flood control blocked login attempt for (?:uid [0-9]+|(?P<user_name>[^|]*)) from "
            r"[0-9A-Fa-f.:]+\.?$",
            "refused",
            "locked",
            constants=_WEB,
        ),
        Rule("odd", _ODD, "failure", "other", constants=_WEB),
        Rule("login", _HEAD + r"Session opened for (?P<user_name>[^|]*)\.$", "success", constants=_WEB),
        Rule("other", r"^[^|]*\|[0-9]+\|[^|]*\|[^|]*\|.*\|[^|]*$"),
    ),
    envelopes=(
        Envelope(
            "drupal-syslog",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) (?P<host>[^ ]+) "
            r"[^ \[\]:()]+(?:\[(?P<pid>[0-9]+)\])?: )https?://[^|]*\|[0-9]{9,11}\|[a-z][a-z0-9_ ]*\|[0-9A-Fa-f.:]+\|",
            bsd,
            program="drupal",
        ),
    ),
    lacks="It does not tell whether the name exists; a name with a bar in it is not read.",
)
