r"""mailcow's own pages: its interface, and that of Rspamd in it, as PHP-FPM logs them (``error_log``).

Source: data/web/inc/functions.inc.php, data/web/inc/sessions.inc.php. Its mail servers have formats of their own; what
its netfilter says of them repeats their lines.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_HEAD = r"^(?:NOTICE: )?(?:PHP message: )?"
_BY = r" by (?P<src_ip>[0-9A-Fa-f.:]+)\"?$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d-%b-%Y %H:%M:%S%.f", clock)


FORMAT = Format(
    name="mailcow",
    title="mailcow",
    group="mail",
    programs=("php-fpm-mailcow", "php-fpm-mailcow-1", "mailcow", "mailcowdockerized-php-fpm-mailcow-1"),
    rules=(
        Rule(
            "failed",
            _HEAD + r"mailcow UI: Invalid password for (?P<user_name>.*)" + _BY,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("rspamd_failed", _HEAD + r"Rspamd UI: Invalid password" + _BY, "failure", "bad_password", constants=_WEB),
    ),
    envelopes=(
        Envelope(
            "mailcow-fpm",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8}(?:\.[0-9]+)?)\] WARNING: "
            r"\[pool [^\]]*\] child [0-9]+(?:, script '[^']*' \(request: \"[^\"]*\"\))? said into stderr: \")"
            r"(?:NOTICE: PHP message: )?(?:mailcow|Rspamd) UI: ",
            _time,
            program="mailcow",
        ),
    ),
    lacks="It does not tell sign-ins that worked; Rspamd's page knows no names.",
)
