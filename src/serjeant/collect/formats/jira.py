r"""Jira, Confluence and other Atlassian products of the same base: their security logs.

Sources: Atlassian's pages on ``atlassian-jira-security.log`` and on Seraph's DefaultAuthenticator. The address (or a
list: what proxies said, the client's first) stands left of the name.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_STAMP = r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3})"
_HEAD = r"^[^ ]+ [^ ]* ?[0-9]+x[0-9]+x[0-9]+ [^ ]+ (?P<src_ip>[0-9A-Fa-f.:]+)(?:,[0-9A-Fa-f.:, ]*)? [^ ]+ "
_USER = "The user '(?P<user_name>.*)' "
_WEB = {"service": "web"}

FORMAT = Format(
    name="jira",
    title="Jira, Confluence",
    programs=("jira", "confluence", "atlassian"),
    rules=(
        Rule("failed", _HEAD + _USER + "has FAILED authentication.*$", "failure", "bad_password", constants=_WEB),
        Rule("login", _HEAD + _USER + r"has PASSED authentication\.?$", "success", constants=_WEB),
        Rule(
            "captcha",
            _HEAD + _USER + "is required to answer a CAPTCHA elevated security check.*$",
            "refused",
            "locked",
            constants=_WEB,
        ),
        Rule(
            "not_permitted",
            _HEAD + r"login : '(?P<user_name>.*)' tried to login but they do not have USE permission.*$",
            "failure",
            "other",
            constants=_WEB,
        ),
        Rule(
            "wrong_bare",
            r"^.*login : '(?P<user_name>.*)' could not be authenticated with the given password$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "not_permitted_bare",
            r"^.*login : '(?P<user_name>.*)' tried to login but they do not have USE permission.*$",
            "failure",
            "other",
            constants=_WEB,
        ),
        Rule("other", r"^[^ ]+ [^ ]* ?[0-9]+x[0-9]+x[0-9]+ [^ ]+ .* (?:HttpSession |logged out|login : logging in).*$"),
    ),
    envelopes=(
        Envelope(
            "jira",
            r"^(?P<header>" + _STAMP + r" )[^ ]+ [^ ]* ?[0-9]+x[0-9]+x[0-9]+ [^ ]+ [0-9A-Fa-f.:, ]+ /[^ ]* "
            r"(?:The user '|login : |HttpSession )",
            iso,
            program="jira",
        ),
        Envelope(
            "confluence",
            r"^(?P<header>" + _STAMP + r" [A-Z]+ +\[[^\]]*\] \[[a-zA-Z.]*seraph[a-zA-Z.]*\] )[a-zA-Z]+ login : '",
            iso,
            program="jira",
        ),
    ),
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="Confluence does not tell the address; behind a proxy the address is one that the client may have made up.",
)
