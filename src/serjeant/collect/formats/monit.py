r"""Monit's web interface.

Source: src/http/processor.c. The address stands left of the name.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_OLD = r"^(?:[a-z]+ *: )?Warning: Client '(?P<src_ip>[0-9A-Fa-f.:]+)' supplied "
_NEW = r"^(?:[a-z]+ *: )?HttpRequest: access denied -- client \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?: "
_WEB = {"service": "web", "auth_protocol": "basic"}

FORMAT = Format(
    name="monit",
    title="Monit",
    programs=("monit",),
    rules=(
        Rule(
            "old_failed",
            _OLD + r"wrong password for user '(?P<user_name>.*)' accessing.*$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "old_unknown",
            _OLD + r"unknown user '(?P<user_name>.*)' accessing.*$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed", _NEW + r"wrong password for user '(?P<user_name>.*)'$", "failure", "bad_password", constants=_WEB
        ),
        Rule("unknown", _NEW + r"unknown user '(?P<user_name>.*)'$", "failure", "unknown_account", constants=_WEB),
        Rule(
            "empty", _NEW + r"empty password for user '(?P<user_name>.*)'$", "failure", "bad_password", constants=_WEB
        ),
        Rule("asked", r"^(?:[a-z]+ *: )?HttpRequest: access denied -- client .*: (?:missing|invalid).*$"),
        Rule("other", r"^(?:[a-z]+ *: )?(?:'[^']*' |Awakened|Starting|Monit |Reinitializing|HttpRequest: error).*$"),
    ),
    envelopes=(
        Envelope(
            "monit",
            r"^(?P<header>\[(?:[A-Z]{2,5} )?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2})\] )[a-z]+ *: "
            r"(?:Warning: Client '|HttpRequest: |'|Monit |Starting |Awakened |Reinitializing )",
            bsd,
            program="monit",
        ),
    ),
    gives=("time", "user_name", "src_ip", "dst_host", "service", "auth_protocol", "outcome", "reason"),
    lacks="It does not tell successful sign-ins.",
)
