r"""Qpopper, Qualcomm's POP3 server (popper/pop_pass.c, pop_apop.c, pop_auth.c, pop_log.c).

``Failed attempted login`` and the ``-ERR`` that the client gets are one attempt, told by one process. The address
closes the line, or stands before the answer.
"""

from serjeant.collect.format import Format, Rule

_HERE = r"(?: \[[a-z_]+\.c:[0-9]+\])?$"
_HOST = r"\([^()]*\) (?P<src_ip>[0-9A-Fa-f.:]+)" + _HERE
_POP = {"service": "pop3"}

_RULES = (
    Rule(
        "failed",
        r"^(?:\[AUTH\] )?Failed attempted login to (?P<user_name>.*) from host " + _HOST,
        "failure",
        "bad_password",
        "daemon",
        _POP,
    ),
    # Names hold no blanks here; the answer repeats the name, so that one with blanks could imitate the address.
    Rule(
        "in_use",
        r"^(?P<user_name>[^ ]*) at [^ ]* \((?P<src_ip>[0-9A-Fa-f.:]+)\): -ERR \[IN-USE\].*$",
        "success",
        constants=_POP,
    ),
    Rule(
        "answered",
        r"^(?P<user_name>[^ ]*) at [^ ]* \((?P<src_ip>[0-9A-Fa-f.:]+)\): -ERR \[AUTH\] .*$",
        "failure",
        "bad_password",
        "auth",
        _POP,
    ),
    Rule(
        "login",
        r"^\(v[^()]*\) POP login by user \"(?P<user_name>.*)\" at " + _HOST,
        "success",
        None,
        "daemon",
        _POP,
    ),
    Rule(
        "other",
        r"^(?:Stats: |\(v[^()]*\) (?:Servicing|Timing|Intruder)|Timing|Possible probe|Unable to get canonical|"
        r"\(null\) at |warning: |connect from |I/O error).*$",
    ),
)

FORMAT = Format(
    name="qpopper",
    title="Qpopper",
    group="mail",
    programs=("popper", "in.popper", "qpopper", "in.qpopper", "popauth", "qpop"),
    rules=_RULES,
    lacks="It does not tell wrong passwords from unknown names.",
)
