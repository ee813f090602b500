r"""Centreon's ``login.log`` (fields between bars) and its authentication channel (Monolog).

Sources: www/class/centreonAuth.class.php, www/class/centreonLog.class.php (``CentreonUserLog``),
src/Adaptation/Log/LoggerAuthentication.php. The address stands left of the name.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = (
    r"^(?:-?[0-9]+\x7c[0-9]+\x7c[0-9]+\x7c|[a-z_.]+\.[A-Z]+: )\[[A-Za-z0-9_ -]+\] "
    r"\[(?P<src_ip>[0-9A-Fa-f.:]+)\] Authentication "
)
_WHO = "failed for '(?P<user_name>.*)' : "
_END = r"(?: \{[^']*)?$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="centreon",
    title="Centreon",
    group="apps",
    programs=("centreon",),
    rules=(
        Rule(
            "unknown",
            _HEAD + _WHO + "(?:user |contact )?not found" + _END,
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed",
            _HEAD + _WHO + "(?:invalid credentials|password mismatch|bad password)" + _END,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("failed_otherwise", _HEAD + _WHO + "(?:[^']|'[^ ])*$", "failure", "other", constants=_WEB),
        Rule("login", _HEAD + "succeeded for '(?P<user_name>.*)'" + _END, "success", constants=_WEB),
        Rule("other", r"^-?[0-9]+\x7c[0-9]+\x7c[0-9]+\x7c\[[A-Za-z0-9_ -]+\] \[(?:Error|Info|Debug|Warning)\] .*$"),
    ),
    envelopes=(
        Envelope(
            "centreon",
            r"^(?P<header>\[?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ "
            r"T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[+-][0-9]{2}:?[0-9]{2})?)\]?[| ])"
            r"(?:-?[0-9]+\x7c[0-9]+\x7c[0-9]+\x7c"
            r"|[a-z_.]+\.[A-Z]+: \[[A-Za-z0-9_ -]+\] \[[0-9A-Fa-f.:]+\] Authentication )",
            iso,
            program="centreon",
        ),
    ),
    lacks="It does not tell what the client calls itself.",
)
