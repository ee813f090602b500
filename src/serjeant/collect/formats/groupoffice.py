r"""Group-Office: its log/info.log until 6, and PHP's error log (Apache's) since.

Sources: go/base/model/User.php, go/core/auth. Behind the address may stand a referrer, so neither may hold a quote.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = (
    r"^(?:\[(?:[a-z0-9_]*:)?[a-z]+\] )?(?:\[pid [^\]]*\] )?(?:\[client [^\]]*\]?:?[0-9]*\] )?(?:AH[0-9]+: Got error ')?"
)
_PHP = _HEAD + r"(?:PHP message: )?Password authentication failed for '(?P<user_name>[^']*)' from IP: "
_ODD = (
    r"^(?:\[(?:[a-z0-9_]*:)?[a-z]+\] )?(?:\[pid [^\]]*\] )?"
    r"\[client \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::[0-9]{1,5})?\] "
    r"(?:AH[0-9]+: Got error ')?(?:PHP message: )?Password authentication failed for '(?P<user_name>).*$"
)
_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)"
_WEB = {"service": "web"}

FORMAT = Format(
    name="groupoffice",
    title="Group-Office",
    group="apps",
    # What lies in Apache's envelope goes to whoever has the program.
    programs=("groupoffice", "group-office", "apache"),
    rules=(
        Rule("failed", _PHP + "'" + _IP + "''?(?:, referer: [^']*)?$", "failure", "bad_password", constants=_WEB),
        # Of a line whose name or referrer holds quotes only Apache's own word is believed.
        Rule("odd", _ODD, "failure", "other", constants=_WEB),
        Rule(
            "failed_6",
            r"^LOGIN FAILED for user: \"(?P<user_name>.*)\" from IP: " + _IP + "$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "login_6",
            r"^LOGIN SUCCESS for user: \"(?P<user_name>.*)\" from IP: " + _IP + "$",
            "success",
            constants=_WEB,
        ),
    ),
    envelopes=(
        Envelope(
            "groupoffice-info",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8})\] ?)LOGIN (?:FAILED|SUCCESS) ",
            iso,
            program="groupoffice",
        ),
    ),
    lacks="Since 6.8 it does not tell sign-ins that worked; a name with a quote is not read.",
)
