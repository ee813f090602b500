r"""Jira, Confluence and Bamboo: their security logs, and what Seraph and Bamboo tell of sign-ins at DEBUG.

Sources: Atlassian's pages on ``atlassian-jira-security.log`` (before each message: thread, user, request, session,
address, page), on Bamboo's failed logins, and Seraph's JiraSeraphAuthenticator and LoginManagerImpl. Seraph tells of
every failure, Jira itself only of people it knows: so Seraph's line stands alone where the name is unknown, and is
dropped where another line of the same request says more.

Of a list of addresses (``X-Forwarded-For``, then the peer) the last but one was written by the nearest proxy; what
stands before it the client may have made up. In Jira's log it stands left of the name, in Bamboo's right of it.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_STAMP = r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)"
_ADDRESS = r"(?P<forwarded>(?:[^ ,']+, ?)*?(?P<src_ip>[0-9A-Fa-f.:]+))(?:, ?(?P<peer>[0-9A-Fa-f.:]+))?"
# The thread may tell its page and user. Few words may stand before the request: none of what a client sends is there.
_THREAD = (
    r"[^ ]+(?: url: ?[^ ]+)?(?: user(?:name)?: ?[^ ]+)? (?:(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) +)?(?:[^ ]* ){0,2}?"
)
_REQUEST = "[0-9]+x[0-9]+x[0-9]+"
_TOLD = _THREAD + "(?P<session_uid>" + _REQUEST + ") [^ ]+ (?:" + _ADDRESS + r"|-) [^ ]+ (?:\[[A-Za-z.]+\] )?"
_HEAD = "^" + _TOLD
# What no request did has blanks in the place of one.
_USER = "^(?:" + _TOLD + "|[^ ]+ {2,})The user '(?P<user_name>.*)' "
_CLASS = r"^\[(?P<session_uid>[^\[\] ]+)[^\[\]]*\] (?:\[[A-Za-z.]+\] )?"
_SERAPH = _CLASS + "[a-zA-Z]+ login : '(?P<user_name>.*)' "
_MANAGER = _CLASS + "on(?:Successful|Failed)LoginAttempt "
_BAMBOO = _CLASS + "User '(?P<user_name>.*)' with IP address: " + _ADDRESS
_NO_RIGHT = "tried to login but they do not have USE permission(?: or weren't found)?[^']*$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="jira",
    title="Jira, Confluence, Bamboo",
    group="apps",
    programs=("jira", "confluence", "bamboo", "atlassian"),
    rules=(
        Rule("failed", _USER + "has FAILED authentication[^']*$", "failure", "bad_password", "daemon", _WEB),
        Rule("login", _USER + "has PASSED authentication[^']*$", "success", None, "daemon", _WEB),
        Rule(
            "captcha",
            _USER + "is required to answer a CAPTCHA elevated security check[^']*$",
            "refused",
            "locked",
            "daemon",
            _WEB,
        ),
        Rule(
            "no_right",
            _USER + "is NOT AUTHORIZED to perform this request[^']*$",
            "challenged",
            "policy",
            "daemon",
            _WEB,
        ),
        Rule(
            "unknown",
            _HEAD + "login : '(?P<user_name>.*)' " + _NO_RIGHT,
            "failure",
            "unknown_account",
            "probe",
            _WEB,
        ),
        Rule(
            "wrong",
            _HEAD + "login : '(?P<user_name>.*)' could not be authenticated with the given password[^']*$",
            "failure",
            "bad_password",
            "probe",
            _WEB,
        ),
        # Without addresses and requests; of one thread the same attempts.
        Rule(
            "seraph_wrong",
            _SERAPH + "could not be authenticated with the given password[^']*$",
            "failure",
            "bad_password",
            "auth",
            _WEB,
        ),
        Rule("seraph_failed", _SERAPH + _NO_RIGHT, "failure", "other", "daemon", _WEB),
        Rule(
            "manager_login",
            _MANAGER + "Successful login attempt for user '(?P<user_name>.*)'$",
            "success",
            None,
            "daemon",
            _WEB,
        ),
        Rule(
            "manager_failed",
            _MANAGER + "Failed login attempt for user '(?P<user_name>.*)'$",
            "failure",
            "bad_password",
            "auth",
            _WEB,
        ),
        Rule("bamboo_failed", _BAMBOO + r" failed to log in\.?$", "failure", "bad_password", None, _WEB),
        Rule(
            "other",
            r"^(?:[^ ]* )*?(?:HttpSession |login : logging |The user '.*' has logged out|The session |"
            r"\[[A-Za-z.]*seraph[A-Za-z.]*\] |\[BambooAuthenticator\] |Session ).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "jira",
            "^(?P<header>" + _STAMP + " )" + "(?:" + _THREAD + _REQUEST + " .* |[^ ]+ {2,})(?:The user '|login : )",
            iso,
            program="jira",
        ),
        Envelope(
            "jira-session",
            "^(?P<header>" + _STAMP + r" )[^ ]+ (?:[^ ]* ){0,8}?HttpSession ",
            iso,
            program="jira",
        ),
        Envelope(
            "confluence",
            "^(?P<header>" + _STAMP + r" [A-Z]+ +)\[[^\[\]]+\] "
            r"\[[A-Za-z.]*(?:seraph\.auth|security\.login|BambooAuthenticator)[A-Za-z.]*\] ",
            iso,
            program="jira",
        ),
    ),
    lacks="Confluence does not tell the address, and sign-ins only where their loggers are at DEBUG.",
)
