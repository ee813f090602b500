r"""Redmine's production log.

Source: app/controllers/account_controller.rb (``invalid_credentials``, ``successful_authentication``), Ruby's Logger.
Such a line ends in the time, with or without the logger's own before it.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} (?:UTC|[+-][0-9]{4})"
_FROM = r"'(?P<user_name>.*)' from (?P<src_ip>[0-9A-Fa-f.:]+) at " + _STAMP + "$"
_WEB = {"service": "web"}
_LOGGER = r"^(?:[A-Z], \[[^\]]*\] +[A-Z]+ -- : )?(?:\[[0-9a-f-]+\] )?"

FORMAT = Format(
    name="redmine",
    title="Redmine",
    group="apps",
    programs=("redmine",),
    rules=(
        Rule("failed", _LOGGER + "Failed login for " + _FROM, "failure", "bad_password", constants=_WEB),
        Rule("login", _LOGGER + "Successful authentication for " + _FROM, "success", constants=_WEB),
        Rule("other", _LOGGER + "(?:Started |Processing |Completed |Redirected |Rendered |Current user).*$"),
    ),
    envelopes=(
        Envelope(
            "redmine",
            _LOGGER.replace("^", "^(?P<header>)", 1)
            + "(?:Failed login|Successful authentication) for '.*' from [0-9A-Fa-f.:]+ at (?P<stamp>"
            + _STAMP
            + ")$",
            iso,
            program="redmine",
        ),
    ),
    lacks="It does not tell whether the name exists, nor of the second factor.",
)
