r"""Apache httpd's error log, 2.2 and 2.4: basic, digest and form authentication, and who may go where.

Sources: mod_auth_basic.c, mod_auth_digest.c, mod_auth_form.c, mod_authz_core.c, mod_authz_user.c, core.c
(``ErrorLogFormat``). Access logs are the format ``http``.

The address stands left of the name, in brackets of its own, so that no name can move it; quotes in names are escaped.
What LDAP and PAM modules say beside it is the same attempt once more.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_STAMP = r"\[(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)? [0-9]{4})\] "
_HEAD = (
    r"^(?:\[(?:[a-z0-9_]*:)?[a-z0-9]+\] )?(?:\[pid [0-9]+(?::tid [0-9]+)?\] )?(?:[a-z0-9_]+\.c\([0-9]+\): )?"
    r"(?:\([0-9]+\)[A-Za-z ]+: )?\[(?:remote|client) \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::(?P<src_port>[0-9]{1,5}))?\] "
    r"(?:AH[0-9]+: )?"
)
_PLAIN = _HEAD.replace("?P<src_ip>", "?:").replace("?P<src_port>", "?:")
_BASIC = {"service": "web", "auth_protocol": "basic"}
_DIGEST = {"service": "web", "auth_protocol": "digest"}
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a %b %e %H:%M:%S%.f %Y", clock)


_RULES = (
    Rule(
        "mismatch",
        _HEAD
        + r"user (?P<user_name>.*): authentication failure for \".*\": [Pp]assword [Mm]ismatch(?:, referer: .*)?$",
        "failure",
        "bad_password",
        constants=_BASIC,
    ),
    Rule(
        "digest_unknown",
        _HEAD + r"user [`'](?P<user_name>.*)' in realm [`'].*' not found: .*$",
        "failure",
        "unknown_account",
        constants=_DIGEST,
    ),
    Rule(
        "digest_denied",
        _HEAD + r"user [`'](?P<user_name>.*)' in realm [`'].*' denied by provider: .*$",
        "refused",
        "policy",
        constants=_DIGEST,
    ),
    Rule("unknown", _HEAD + r"user (?P<user_name>.*) not found: .*$", "failure", "unknown_account", constants=_BASIC),
    Rule(
        "digest_mismatch",
        _HEAD + r"user (?P<user_name>.*): password mismatch: .*$",
        "failure",
        "bad_password",
        constants=_DIGEST,
    ),
    Rule(
        "failed_otherwise",
        _HEAD + r"user (?P<user_name>.*): authentication failure for \".*\".*$",
        "failure",
        "other",
        constants=_BASIC,
    ),
    Rule(
        "not_authorized",
        _HEAD + r"user (?P<user_name>.*): authorization failure for \".*\".*$",
        "failure",
        "policy",
        constants=_WEB,
    ),
    Rule(
        "not_required",
        _HEAD + r"access to .* failed, reason: user '?(?P<user_name>.*?)'? (?:does not meet .*|not allowed access.*)$",
        "failure",
        "policy",
        constants=_WEB,
    ),
    # Who may not go there has been asked for his password before.
    Rule(
        "not_owner",
        _HEAD + r"Authorization of user (?P<user_name>.*) to access .* failed, reason: [a-z]+ [^:]*$",
        "challenged",
        "policy",
        constants=_WEB,
    ),
    Rule("wrong_scheme", _HEAD + r"client used wrong authentication scheme.*$", "refused", "policy", constants=_WEB),
    Rule(
        "digest_odd",
        _HEAD + r"(?:invalid qop|invalid nonce|realm mismatch|unknown algorithm|Digest: ).*$",
        "refused",
        "policy",
        constants=_DIGEST,
    ),
    # Their verdict comes once more from the module that asked them.
    Rule(
        "told_again",
        _PLAIN + r"(?:auth_ldap authenticate: |PAM authentication failed for user |\[[0-9]+\] auth_ldap).*$",
    ),
    Rule(
        "other",
        _PLAIN
        + r"(?:client denied by|client sent|File does not|script |attempt to|Directory index|Cannot |ModSecurity|"
        r"PHP |Negotiation|Invalid |request failed|Request |malformed |mod_|SSL |SSL:|OCSP|AH|Premature|Timeout|"
        r"proxy:|The timeout|Handler |need_|Symbolic|search permissions|Options|Got error|FastCGI|End of script).*$",
    ),
    Rule("server", r"^(?:\[[a-z0-9_]*:[a-z0-9]+\] )?\[pid [0-9]+(?::tid [0-9]+)?\] (?:\([0-9]+\)[^\[]*|AH[0-9]+: .*)$"),
)

FORMAT = Format(
    name="apache",
    title="Apache httpd error log",
    group="web",
    programs=("apache", "apache2", "httpd", "httpd/*", "apache2/*", "apache-error"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "apache-error",
            r"^(?P<header>"
            + _STAMP
            + r")\[(?:[a-z0-9_]*:)?(?:emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])\] ",
            _time,
            program="apache",
        ),
    ),
    lacks="It does not tell successful sign-ins, nor what the client calls itself.",
)
