"""Paperless-ngx's log (source: src/paperless/signals.py, src/paperless/settings.py: ``LOGGING``).

What is typed stands in backquotes before the address, which is the last thing in the line.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_NAME = "Login failed for user `(?P<user_name>.*)`"
_WHERE = r"^\[[A-Z]+\] \[paperless(?:\.auth)?\] "

FORMAT = Format(
    name="paperless",
    title="Paperless-ngx",
    group="apps",
    programs=("paperless", "paperless-ngx", "paperless-webserver"),
    rules=(
        Rule(
            "wrong",
            _WHERE
            + _NAME
            + r" from (?:private |public )?IP `(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f:]+(?:\.[0-9]+){0,3})\.?`\.?$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "wrong_nowhere",
            _WHERE + _NAME + r"\. Unable to determine IP address\.$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        # Somebody asked for a page without being signed in.
        Rule("nothing", _WHERE + "No authentication provided.*$"),
        Rule(
            "other",
            r"^\[(?:DEBUG|INFO|WARNING|ERROR)\] \[(?:paperless\.(?:[b-z]|a[a-t]).*|celery.*|ocrmypdf.*|django.*)\] .*$",
        ),
    ),
    envelopes=(
        Envelope(
            "paperless",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3})\] )"
            r"\[[A-Z]+\] \[paperless(?:\.auth)?\] (?:Login failed for user `|No authentication provided)",
            iso,
            program="paperless",
        ),
    ),
    lacks="It tells of failures only.",
)
