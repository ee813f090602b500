r"""Jenkins' own log: the form for signing in, and SecurityListener where it is logged (FINE).

Sources: hudson.security.AuthenticationProcessingFilter2, jenkins.security.SecurityListener. Each message is one line;
in versions before 2.2 the place that wrote it was a line of its own. ``authenticated`` tells of every right password or
token, of scripts too; ``logged in`` of a session that began. ``failed to log in`` repeats ``failed to authenticate``.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_LEVEL = r"^[A-Z]+[ \t]+"
_LISTENER = _LEVEL + r"[A-Za-z.]*SecurityListener#[A-Za-z0-9]+: "
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%b %d, %Y %I:%M:%S %p", clock)


FORMAT = Format(
    name="jenkins",
    title="Jenkins",
    group="apps",
    programs=("jenkins",),
    rules=(
        Rule(
            "failed",
            _LISTENER + r"failed to authenticate: (?P<user_name>.*)$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("login", _LISTENER + r"logged in: (?P<user_name>.*)$", "success", constants=_WEB),
        Rule(
            "authenticated",
            _LISTENER + r"authenticated: (?P<user_name>.*) \[[^\[\]]*\]$",
            "success",
            constants=_WEB,
        ),
        Rule(
            "form_failed",
            r"^(?P<user_name>)[A-Z]+[ \t]+[A-Za-z.]*AuthenticationProcessingFilter2#[A-Za-z]+: Login attempt failed.*$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "old_form_failed",
            r"^(?P<user_name>)hudson\.security\.AuthenticationProcessingFilter2 "
            r"(?:onUnsuccessfulAuthentication|unsuccessfulAuthentication)$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("repeated", _LISTENER + r"(?:failed to log in|logged out|token created|new user created): .*$"),
    ),
    envelopes=(
        Envelope(
            "jenkins",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{4})[ \t]+\[id=[0-9]+\][ \t]+)"
            r"[A-Z]+[ \t]+[A-Za-z.]*(?:SecurityListener|AuthenticationProcessingFilter2)#",
            iso,
            program="jenkins",
        ),
        Envelope(
            "jenkins-old",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [0-9]{1,2}, [0-9]{4} [0-9]{1,2}:[0-9]{2}:[0-9]{2} [AP]M) )"
            r"hudson\.security\.AuthenticationProcessingFilter2 ",
            _time,
            program="jenkins",
        ),
    ),
    lacks="It does not tell the address, and names only where SecurityListener is logged.",
)
