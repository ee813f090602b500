r"""Gitea, Forgejo and Gogs: their own log, which tells of failed sign-ins only.

Sources: routers/web/auth/auth.go (``SignInPost``), services/auth/source/db/authenticate.go, services/context,
models/user (the texts of the errors), modules/ssh/ssh.go. A prohibited user is told so only after the password was
found right. On a terminal the parts are coloured.

The name stands left of the address and, in the error, right of it. So an address is believed only where neither holds
what could imitate it: no bracket on the left, no colon on the right.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_C = r"(?:\x1b?\[[0-9;]*m)*"
_IP = (
    _C
    + r"\[?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)\]?"
    + r"(?::(?P<src_port>[0-9]{1,5}))?"
    + _C
)
_FOR = "^Failed authentication attempt for " + _C + r"(?P<user_name>[^\[\]\x1b]*)" + _C + " from " + _IP
_DETAIL = r"(?: \[(?:uid|email|name): ?[^:\[\]]*(?:, (?:name|keyid|uid): ?[^:\[\]]*)*\])?" + _C + "$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y/%m/%d %H:%M:%S", clock)


def _failed(name: str, why: str, outcome: str, reason: str) -> Rule:
    return Rule(name, _FOR + ": " + _C + why + _DETAIL, outcome, reason, constants=_WEB)


FORMAT = Format(
    name="gitea",
    title="Gitea, Forgejo, Gogs",
    group="apps",
    programs=("gitea", "forgejo", "gogs"),
    rules=(
        Rule("failed", _FOR + "$", "failure", "bad_password", constants=_WEB),
        _failed("unknown", "(?:user does not exist|Email address does not exist)", "failure", "unknown_account"),
        _failed("wrong", "(?:user's password is invalid|invalid password)", "failure", "bad_password"),
        _failed("prohibited", "(?:user is not allowed login|user login is prohibited)", "challenged", "disabled"),
        _failed("inactive", "user is (?:inactive|not activated)", "challenged", "disabled"),
        _failed("failed_otherwise", r"[^:\[\]]*", "failure", "other"),
        Rule(
            "odd_name",
            "^Failed authentication attempt for " + _C + "(?P<user_name>.*?) from .*$",
            "failure",
            "other",
            constants=_WEB,
        ),
        Rule("git_wrong", "^invalid credentials from " + _IP + "$", "failure", "bad_password", constants=_WEB),
        Rule(
            "git_unknown",
            "^Attempted access of unknown user from " + _IP + "$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        # A key that is not known here is no guess at a password.
        Rule("key", "^Failed authentication attempt from .*$"),
        Rule("other", "^(?:Started |Completed |router: |PING |ORM |Starting |Listen|Gitea |Forgejo |Serving ).*$"),
    ),
    envelopes=(
        Envelope(
            "gitea",
            r"^(?P<header>"
            + _C
            + r"(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            + _C
            + r"(?:[^ \[]+"
            + _C
            + r"[^ \[]+"
            + _C
            + " "
            + _C
            + r")?\["
            + _C
            + r"(?:[TDIWEF]|[A-Z]+)"
            + _C
            + r"\]"
            + _C
            + r" (?:\["
            + _C
            + r"[0-9a-f-]+"
            + _C
            + r"\] )?)(?:Failed authentication attempt |invalid credentials from |Attempted access of unknown user )",
            _time,
            program="gitea",
        ),
    ),
    lacks="It does not tell successful sign-ins, nor what the client calls itself; where a name imitates the log it "
    "does not tell the address.",
)
