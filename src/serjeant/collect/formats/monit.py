r"""Monit's web interface.

Source: src/http/processor.c (``basic_authenticate``), src/log.c. The address stands left of the name.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_LEVEL = r"^(?:[a-z]+ *: )?"
_OLD = _LEVEL + r"Warning: Client '(?P<src_ip>[0-9A-Fa-f.:]+)' supplied "
_NEW = _LEVEL + r"HttpRequest: access denied -- client \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?: "
_NAME = r"user '(?P<user_name>.*)'"
_WEB = {"service": "web", "auth_protocol": "basic"}
_BEGINS = (
    r"[a-z]+ *: (?:Warning: Client '|HttpRequest: |'|Monit |Starting |Awakened |Reinitializing |Denied connection )"
)

FORMAT = Format(
    name="monit",
    title="Monit",
    group="hosts",
    programs=("monit",),
    rules=(
        Rule(
            "old_failed",
            _OLD + "wrong password for " + _NAME + " accessing [^']*$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("old_unknown", _OLD + "unknown " + _NAME + " accessing [^']*$", "failure", "unknown_account", None, _WEB),
        Rule("failed", _NEW + "(?:wrong|empty) password for " + _NAME + "$", "failure", "bad_password", None, _WEB),
        Rule("unknown", _NEW + "unknown " + _NAME + "$", "failure", "unknown_account", None, _WEB),
        # No name, or no password: a browser that has not asked its user yet, or a scan.
        Rule(
            "asked",
            _LEVEL + r"HttpRequest: access denied -- client [^ ]*: (?:missing|invalid|empty|no CSRF|CSRF).*$",
        ),
        Rule(
            "other",
            _LEVEL + r"(?:'[^']*' |Awakened|Starting|Monit |Reinitializing|HttpRequest: error|Denied connection ).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "monit",
            r"^(?P<header>\[(?:[A-Z]{2,5} |[+-][0-9]{2,4} )?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2})\] )" + _BEGINS,
            bsd,
            program="monit",
        ),
        Envelope(
            "monit-iso",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{4})\] )" + _BEGINS,
            iso,
            program="monit",
        ),
    ),
    lacks="It does not tell successful sign-ins.",
)
