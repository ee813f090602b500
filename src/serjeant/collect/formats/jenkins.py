r"""Jenkins' own log: the form for signing in, and SecurityListener where it is logged (FINE).

Sources: hudson.security.AuthenticationProcessingFilter2, jenkins.security.SecurityListener. Of the listener's lines
``failed to authenticate`` and ``logged in`` are the verdicts, the others repeat them.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_LISTENER = r"^[A-Z]+[ \t]+[a-z.]*SecurityListener#[A-Za-z0-9]+: "
_WEB = {"service": "web"}

FORMAT = Format(
    name="jenkins",
    title="Jenkins",
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
            "form_failed",
            r"^(?P<user_name>)[A-Z]+[ "
            r"\t]+[a-z.]*AuthenticationProcessingFilter2#unsuccessfulAuthentication: Login attempt failed.*$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("repeated", _LISTENER + r"(?:failed to log in|authenticated|logged out|token created).*$"),
    ),
    envelopes=(
        Envelope(
            "jenkins",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{4})[ \t]+\[id=[0-9]+\][ \t]+)"
            r"[A-Z]+[ \t]+[a-z.]*(?:SecurityListener|AuthenticationProcessingFilter2)#",
            iso,
            program="jenkins",
        ),
    ),
    gives=("time", "user_name", "service", "outcome", "reason"),
    lacks="It does not tell the address, and names only where SecurityListener is logged.",
)
