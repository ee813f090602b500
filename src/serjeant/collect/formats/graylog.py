"""Graylog's server.log: failed sign-ins to its own interface (source: rest/resources/system/SessionsResource.java).

It tells neither from where nor of a success; those are in its audit log, which the free edition does not have.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHERE = r"^[A-Z]+ +\[SessionsResource\] "

FORMAT = Format(
    name="graylog",
    title="Graylog",
    group="data",
    programs=("graylog", "graylog-server"),
    rules=(
        Rule(
            "wrong",
            _WHERE + 'Invalid credentials in session create request. Actor: "urn:graylog:user:(?P<user_name>.*)"$',
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "trouble",
            _WHERE + 'Unable to authenticate (?:user )?"?(?P<user_name>[^"]*)"?.*$',
            "refused",
            "backend",
            None,
            _WEB,
        ),
        Rule(
            "wrong_old",
            _WHERE + 'Invalid username or password for user "(?P<user_name>.*)"$',
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("other", r"^(?:DEBUG|INFO|WARN|ERROR) +\[(?:[A-RT-Z]|S[a-df-z])[A-Za-z0-9]*\] .*$"),
    ),
    envelopes=(
        Envelope(
            "graylog",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}[.,][0-9]{3}(?:Z|[+-][0-9]{2}:[0-9]{2})?) )"
            r"[A-Z]+ +\[SessionsResource\] ",
            iso,
            program="graylog",
        ),
    ),
    lacks="It tells neither where a failure came from nor of any success.",
)
