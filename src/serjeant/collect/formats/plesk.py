r"""Plesk's ``panel.log``.

Source: the lines of Plesk's action log, as its documentation on protection against brute force speaks of them. The
address stands last.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_LEVEL = r"^(?:[A-Z]+ )?"

FORMAT = Format(
    name="plesk",
    title="Plesk",
    group="web",
    programs=("plesk", "panel", "sw-engine"),
    rules=(
        Rule(
            "failed",
            _LEVEL + r"(?:\[[A-Za-z0-9_-]+\] )*?(?:\[Action Log\] )?Failed login attempt with login '(?P<user_name>.*)'"
            r" from IP (?P<src_ip>[0-9A-Fa-f.:]+)\.?$",
            "failure",
            "bad_password",
            constants={"service": "web"},
        ),
        Rule("other", _LEVEL + r"\[(?:panel|extension|util_exec)[^\]]*\] .*$"),
    ),
    envelopes=(
        Envelope(
            "plesk",
            r"^(?P<header>\[?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
            r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)\]? "
            r"(?:[0-9]+:[0-9a-f]+ )?)[A-Z]+ \[(?:panel|extension)[^\]]*\] ",
            iso,
            program="plesk",
        ),
    ),
    lacks="It does not tell successful sign-ins, nor whether the name exists.",
)
