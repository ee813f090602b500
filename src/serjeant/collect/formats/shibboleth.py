"""Shibboleth's identity provider (3 to 5): idp-process.log; the audit log tells of no failure and is left alone.

Source: idp-authn-impl (``AbstractUsernamePasswordCredentialValidator``, ``ValidateUsernamePassword…`` before 4) and
the pattern of its logback.xml: time - address - level [class:line] - message. Without ``%mdc{idp.remote_addr}`` in
that pattern there is no address.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = r"^(?:(?P<src_ip>[0-9A-Fa-f.:]*) - )?[A-Z]+ +\[[A-Za-z0-9_.]+(?::[0-9]+)?\] - "
_SAYS = _HEAD + r"(?:Profile Action|Credential Validator) [^:]*: "
_WEB = {"service": "web"}

_RULES = (
    Rule("sign_in", _SAYS + "Login by '(?P<user_name>.*)' succeeded$", "success", None, None, _WEB),
    Rule("wrong", _SAYS + "Login by '(?P<user_name>.*)' failed(?::? .*)?$", "failure", "bad_password", None, _WEB),
    Rule(
        "backend",
        _SAYS + "Login by '(?P<user_name>.*)' produced exception(?::? .*)?$",
        "refused",
        "backend",
        None,
        _WEB,
    ),
    Rule(
        "other",
        r"^(?:[0-9A-Fa-f.:]* - )?[A-Z]+ +\[[A-Za-z0-9_.-]+(?::[0-9]+)?\] - "
        r"(?:Message Handler|Attribute |Metadata |Shibboleth |Storing |Reload|"
        r"Profile Action (?:Decode|Resolve|Init|Select)).*$",
    ),
)

FORMAT = Format(
    name="shibboleth",
    title="Shibboleth identity provider",
    group="identity",
    programs=("shibboleth-idp", "idp"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "shibboleth-process",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) - )"
            r"(?:[0-9A-Fa-f.:]* - )?[A-Z]+ +\[(?:net\.shibboleth|org\.opensaml)\.",
            iso,
            program="shibboleth-idp",
        ),
    ),
    lacks="Second factors and lock-outs are not told apart from other steps.",
)
