r"""Roundcube's logs ``errors`` (or ``errors.log``) and ``userlogins``, as files or by syslog.

Sources: program/lib/Roundcube/rcube.php (``write_log``, ``log_bug``), rcmail.php (``log_login``), rcube_imap.php,
rcube_utils.php (``remote_ip``). What forwarding headers say stands in parentheses behind the address.
Both logs tell of a failure, joined by the session's beginning in ``<…>`` (``log_session_id``).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_ID = r"^(?:<(?P<session_uid>[^<> ]+)> )?"
_FROM = r" from (?P<src_ip>[0-9A-Fa-f.:]+)(?: ?\((?P<forwarded>[^()]*)\))?"
_LOGIN = _ID + r"(?:[A-Z]+ Error: |PHP Error: )?Login failed for (?P<user_name>[^\n]*)"
_AGAINST = " against [^ ]+"
# Words among which no other "from" has an address.
_WORDS = (
    r"(?: +(?:[^ f][^ ]*|f(?:[^ r][^ ]*)?|fr(?:[^ o][^ ]*)?|fro(?:[^ m][^ ]*)?|from[^ ]+|"
    r"from +[A-Za-z]*[G-Zg-z][^ ]*))* *"
)
_TROUBLE = (
    r"\. (?:Empty startup greeting|Could not connect to|Connection (?:refused|timed out)|Unable to|STARTTLS)[^ ]*"
    + _WORDS
    + "$"
)
_SAYS = r"(?:\." + _WORDS + ")?$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d-%b-%Y %H:%M:%S%.f %z", clock)


_RULES = (
    Rule("backend_against", _LOGIN + _AGAINST + _FROM + _TROUBLE, "refused", "backend", "auth", _WEB),
    Rule("backend", _LOGIN + _FROM + _TROUBLE, "refused", "backend", "auth", _WEB),
    Rule("failed_against", _LOGIN + _AGAINST + _FROM + _SAYS, "failure", "bad_password", "auth", _WEB),
    Rule("failed", _LOGIN + _FROM + _SAYS, "failure", "bad_password", "auth", _WEB),
    Rule(
        "user_failed",
        _ID
        + "(?:Failed|FAILED) login for (?P<user_name>.*)"
        + _FROM
        + r"(?: in session [^ ]+(?: \(error: -?[0-9]+\))?)?$",
        "failure",
        "bad_password",
        "daemon",
        _WEB,
    ),
    Rule(
        "user_login",
        _ID + r"Successful login for (?P<user_name>.*) \(I[Dd]: ?[0-9]+\)" + _FROM + r"(?: in session [^ ]+)?$",
        "success",
        None,
        "daemon",
        _WEB,
    ),
    Rule(
        "other",
        r"^(?:<[^<> ]+> )?(?:PHP |DB Error|SMTP Error|LDAP Error|IMAP Error: (?:Authentication for|Could not|Error in|"
        r"Empty|Unable)|Error |Warning |Notice |User |Aborted session|Session |Mail body|Message ).*$",
    ),
)

FORMAT = Format(
    name="roundcube",
    title="Roundcube",
    group="mail",
    programs=("roundcube", "roundcubemail", "Roundcube"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "roundcube-log",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8}(?:\.[0-9]+)? [+-][0-9]{4})\]: )"
            r"(?:<[^<> ]*> )?(?:IMAP Error: |[A-Z]+ Error: Login|(?:F|Login f)ailed (?:login )?for|FAILED login for|"
            r"Successful login)",
            _time,
            program="roundcube",
        ),
    ),
    lacks="Behind a proxy the address is the proxy's unless Roundcube knows it (``proxy_whitelist``); without "
    "``log_session_id`` its two logs tell one failure twice; the IMAP server tells of it too.",
)
