r"""Bitbucket Data Center's (Stash's) audit log.

Source: Atlassian's page on ``atlassian-bitbucket-audit.log``: fields between bars, of which the address is the first.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import moment

_HEAD = r"^(?P<src_ip>[0-9A-Fa-f.:]+)(?:,[0-9A-Fa-f.:, ]*)? \| "
_TAIL = r" \| [^|]* \| [0-9]{13} \| (?P<user_name>.*) \| \{.*$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="bitbucket",
    title="Bitbucket Data Center",
    programs=("bitbucket", "stash"),
    rules=(
        Rule(
            "captcha",
            _HEAD + r"AuthenticationFailureEvent \| [^|]* \| [0-9]{13} \| (?P<user_name>.*) \| \{.*CAPTCHA.*$",
            "refused",
            "locked",
            constants=_WEB,
        ),
        Rule("failed", _HEAD + "AuthenticationFailureEvent" + _TAIL, "failure", "bad_password", constants=_WEB),
        Rule("login", _HEAD + "AuthenticationSuccessEvent" + _TAIL, "success", constants=_WEB),
        Rule("other", r"^[0-9A-Fa-f.:, -]* \| [A-Z][A-Za-z]+Event \| .*$"),
    ),
    envelopes=(
        Envelope(
            "bitbucket",
            r"^(?P<header>)[0-9A-Fa-f.:, -]* \| [A-Z][A-Za-z]+Event \| [^|]* \| (?P<stamp>[0-9]{13}) \| ",
            moment,
            program="bitbucket",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="Behind a proxy the address is one that the client may have made up.",
)
