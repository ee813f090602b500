"""Cubic Circle's POP3 server (cucipop.c): failures, and a line of counts at the end of a session.

A name with blanks is not read: the line says no more than a name and an address.
"""

from serjeant.collect.format import Format, Rule

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)"

FORMAT = Format(
    name="cucipop",
    title="Cucipop",
    group="mail",
    programs=("cucipop", "in.cucipop"),
    rules=(
        Rule(
            "failed",
            "^[Aa]uthentication failure (?P<user_name>[^ ]+) " + _IP + "$",
            "failure",
            "bad_password",
            constants={"service": "pop3"},
        ),
        Rule(
            "session",
            "^(?P<user_name>[^ ]+) " + _IP + r" [0-9]+, [0-9]+ \([0-9]+\), [0-9]+ \([0-9]+\)$",
            "success",
            constants={"service": "pop3"},
        ),
    ),
    lacks="It does not tell wrong passwords from unknown names; a sign-in that worked is told when its session ends.",
)
