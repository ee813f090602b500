r"""cPanel and WHM: ``login_log`` (failed sign-ins), ``session_log`` (new sessions) and the access log.

Sources: cPanel's documentation of its log files and the lines of cpsrvd. The address stands left of the name.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_HEAD = r"^(?:info|warn|notice) \[[a-z]+d\] (?P<src_ip>[0-9A-Fa-f.:]+)"
_FAILED = _HEAD + r" - (?P<user_name>.*) \"[^\"]*\" FAILED LOGIN [a-z]+d?: "
_WEB = {"service": "web"}


def _us(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%m/%d/%Y:%H:%M:%S %z", clock)


FORMAT = Format(
    name="cpanel",
    title="cPanel, WHM",
    group="web",
    programs=("cpanel", "cpsrvd"),
    rules=(
        Rule("wrong", _FAILED + r"user password (?:is )?incorrect.*$", "failure", "bad_password", constants=_WEB),
        Rule(
            "unknown",
            _FAILED + r"(?:invalid cpanel user|user .* does not exist|no such user|user name not provided).*$",
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule("locked", _FAILED + r"brute force attempt .* has locked out.*$", "failure", "locked", constants=_WEB),
        Rule("suspended", _FAILED + r".*suspended.*$", "failure", "disabled", constants=_WEB),
        Rule(
            "not_permitted",
            _FAILED + r"(?:.* is not permitted to|login attempt to whm by|access denied|.*does not have access).*$",
            "failure",
            "policy",
            constants=_WEB,
        ),
        Rule(
            "factor",
            _FAILED + r".*(?:[Tt]wo-factor|2FA|security code).*$",
            "challenged",
            "mfa",
            constants={"service": "web", "is_mfa": True},
        ),
        Rule("failed", _FAILED + ".*$", "failure", "other", constants=_WEB),
        Rule(
            "login",
            _HEAD
            + r" NEW (?P<user_name>.*):[^ ,:]* (?:[^ ]*,)?(?:app|creator|address)=.*method=handle_form_login[^ ]*.*$",
            "success",
            constants=_WEB,
        ),
        # Somebody with a right to it (root, a reseller) may take another's account: it is the possessor who signed in.
        Rule(
            "possessed",
            _HEAD + r" - .* \(possessor: (?P<user_name>[^()]*)\) - SUCCESS LOGIN [a-z]+$",
            "success",
            constants=_WEB,
        ),
        Rule("right", _HEAD + r" - (?P<user_name>.*) - SUCCESS LOGIN [a-z]+$", "success", constants=_WEB),
        Rule(
            "other",
            r"^(?:info|warn|notice) \[[a-z]+d\] [0-9A-Fa-f.:]+ (?:NEW|PURGE|- .* \"[^\"]*\" DEFERRED LOGIN).*$",
        ),
        Rule("access", r"^[0-9A-Fa-f.:]+ - .* \[[0-9]{2}/[0-9]{2}/[0-9]{4}:[0-9:]{8} -[0-9]{4}\] \".*$"),
    ),
    envelopes=(
        Envelope(
            "cpanel",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4})\] )"
            r"(?:info|warn|notice) \[[a-z]+d\] [0-9A-Fa-f.:]+ ",
            iso,
            program="cpanel",
        ),
        Envelope(
            "cpanel-access",
            r"^(?P<header>)[0-9A-Fa-f.:]+ - .* \[(?P<stamp>[0-9]{2}/[0-9]{2}/[0-9]{4}:[0-9:]{8} -[0-9]{4})\] \"",
            _us,
            program="cpanel",
        ),
    ),
    lacks="It does not tell what the client calls itself.",
)
