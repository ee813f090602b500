r"""Solid POP3 server (src/log.c, src/main.c): the name stands left of the address, which closes the line."""

from serjeant.collect.format import Format, Rule

_WHO = r"(?P<user_name>.*)(?:\([^()]*\))? - (?P<src_ip>[0-9A-Fa-f.:]+)$"
_POP = {"service": "pop3"}

FORMAT = Format(
    name="solidpop3d",
    title="Solid POP3",
    group="mail",
    programs=("solid-pop3d", "spop3d"),
    rules=(
        Rule(
            "unknown",
            r"^authentication failed: (?:no such user|can't map user name): " + _WHO,
            "failure",
            "unknown_account",
            constants=_POP,
        ),
        Rule(
            "failed",
            r"^(?:APOP )?authentication failed(?: for user)?:? " + _WHO,
            "failure",
            "bad_password",
            constants=_POP,
        ),
        Rule(
            "root",
            r"^(?P<user_name>root) login not allowed - (?P<src_ip>[0-9A-Fa-f.:]+)$",
            "refused",
            "policy",
            constants=_POP,
        ),
        Rule(
            "no_secret",
            r"^can't find APOP secret for user " + _WHO,
            "failure",
            "other",
            constants=_POP,
        ),
        Rule("login", r"^user authenticated: " + _WHO, "success", constants=_POP),
        Rule("other", r"^(?:session closed|user logged out|connection|connect from|timeout|quit|opening mailbox).*$"),
    ),
    lacks="It does not tell the client's port.",
)
