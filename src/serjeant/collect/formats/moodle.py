r"""Moodle's lines in the error log of PHP or of the web server.

Source: lib/moodlelib.php (``authenticate_user_login``); most are written with full debugging on only. The address
stands left of the name; name and user agent are not told apart but by two spaces, which a name may hold.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import php

_SITE = r"\[client (?P<src_ip>[0-9A-Fa-f.:]+)\]  https?://[^ ]+  (?:---&gt;  )?"
_HEAD = (
    r"^(?:\[[a-z0-9_]*:?[a-z0-9]+\] )?(?:\[pid [0-9]+(?::tid [0-9]+)?\] )?(?:\[client [0-9A-Fa-f.:\[\]]+\] )?"
    r"(?:FastCGI sent in stderr: \"|AH01071: Got error ')?(?:PHP message: )?" + _SITE
)
_TAIL = r":  (?P<user_name>.*?)  (?P<client>.*?)(?:\"? while reading [^\"]*, client: .*)?'?(?:, referer: [^ ]*)?$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="moodle",
    title="Moodle",
    group="apps",
    programs=("moodle", "apache", "apache2", "httpd", "nginx"),
    rules=(
        Rule("failed", _HEAD + "(?:Failed Login|FAILED LOGIN)" + _TAIL, "failure", "bad_password", None, _WEB),
        Rule(
            "unknown",
            _HEAD + "(?:Unknown [Uu]ser, can not create new accounts|Unknown Login|Deleted Login)" + _TAIL,
            "failure",
            "unknown_account",
            None,
            _WEB,
        ),
        Rule(
            "disabled",
            _HEAD + "(?:Suspended Login|Disabled Login|DISABLED LOGIN)" + _TAIL,
            "refused",
            "disabled",
            None,
            _WEB,
        ),
        Rule("locked", _HEAD + "Login lockout" + _TAIL, "refused", "locked", None, _WEB),
        Rule("token", _HEAD + "Invalid Login Token" + _TAIL, "refused", "policy", None, _WEB),
        Rule("unconfirmed", _HEAD + "Unconfirmed Login" + _TAIL, "refused", "disabled", None, _WEB),
    ),
    envelopes=(
        Envelope(
            "moodle",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [A-Za-z0-9/_+-]+)\] )"
            r"\[client [0-9A-Fa-f.:]+\]  https?://[^ ]+  (?:---&gt;  )?[A-Z][A-Za-z ,]*:  ",
            php,
            program="moodle",
        ),
    ),
    lacks="Its successful sign-ins are in its database only.",
)
