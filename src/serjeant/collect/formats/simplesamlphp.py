"""SimpleSAMLphp: its statistics lines of sign-ins by password, in syslog or its own file.

Source: modules/core (``UserPassBase``, ``UserPassOrgBase``) and src/SimpleSAML/Logger. A failed attempt names no user.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_STAT = r"^(?:[0-7] )?(?:[A-Z]+ )?(?:STAT )?\[[0-9A-Za-z]*\] "
_RIGHT = "successfully authenticated from (?P<src_ip>[0-9A-Fa-f.:]+)$"
_WEB = {"service": "web"}

_RULES = (
    Rule(
        "failed",
        _STAT + r"Unsuccessful login attempt from (?P<src_ip>[0-9A-Fa-f.:]+)\.$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule("sign_in_org", _STAT + r"User '(?P<user_name>.*)' at '[^']*' " + _RIGHT, "success", None, None, _WEB),
    Rule("sign_in", _STAT + r"User '(?P<user_name>.*)' " + _RIGHT, "success", None, None, _WEB),
    Rule("other", _STAT + "(?:saml20-|consent |Session|Loading|Received|Sending|Creat|Deleting|cookie|Skipping).*$"),
)

FORMAT = Format(
    name="simplesamlphp",
    title="SimpleSAMLphp",
    group="identity",
    programs=("simplesamlphp",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "simplesamlphp-file",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) simplesamlphp )"
            r"(?:[A-Z]+ )?(?:STAT )?\[[0-9A-Za-z]*\] ",
            bsd,
            program="simplesamlphp",
        ),
    ),
    lacks="It does not name the user of a failed attempt.",
)
