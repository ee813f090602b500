r"""MailEnable's activity logs of SMTP, POP and IMAP: columns with tabs; those left of the answer are the server's."""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_LINE = r"\t[^\t]*\t[^\t]*\t(?P<src_ip>[0-9A-Fa-f.:]+)\t"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%m/%d/%y %H:%M:%S", clock)


FORMAT = Format(
    name="mailenable",
    title="MailEnable",
    group="mail",
    programs=("mailenable",),
    rules=(
        Rule(
            "smtp_failed",
            "^SMTP-IN" + _LINE + r"(?:AUTH|)\t[^\t]*\t535 .*$",
            "failure",
            "bad_password",
            constants={"service": "smtp"},
        ),
        Rule(
            "smtp_login", "^SMTP-IN" + _LINE + r"(?:AUTH|)\t[^\t]*\t235 .*$", "success", constants={"service": "smtp"}
        ),
        Rule("other", r"^SMTP-(?:IN|OU)\t.*$"),
    ),
    envelopes=(
        Envelope(
            "mailenable-smtp",
            r"^(?P<header>(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})\t)SMTP-(?:IN|OU)\t",
            _time,
            program="mailenable",
        ),
    ),
    lacks="Names stand encoded in the client's commands and are not read; POP and IMAP are not read.",
)
