r"""Kerberos: MIT's krb5kdc (FreeIPA's too) and Heimdal's kdc.

Sources: MIT src/kdc/kdc_log.c (``log_as_req``), kdc_util.c (``validate_as_request``), Heimdal kdc/kerberos5.c. Only
AS requests are sign-ins. The first answer to each is ``NEEDED_PREAUTH``; an account that asks for none shows nothing of
a wrong password. The address stands before the name.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_KERBEROS = {"service": "kerberos"}
_REQUEST = (
    r"^AS_REQ (?:\([0-9]+ etypes \{[^{}]*\}\) )?"
    r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?(?:\([0-9]+\))?: "
)
_WHO = r": (?P<user_name>.*) for krbtgt/[^ ]+, .*$"


def _told(name: str, status: str, outcome: str, reason: str) -> Rule:
    return Rule(name, _REQUEST + status + _WHO, outcome, reason, None, _KERBEROS)


_RULES = (
    Rule("asked", _REQUEST.replace("?P<src_ip>", "?:") + "NEEDED_PREAUTH: .*$"),
    _told("wrong", "(?:PREAUTH_FAILED|preauth [a-z_ ()]*failed)", "failure", "bad_password"),
    _told("nobody", "CLIENT_NOT_FOUND", "failure", "unknown_account"),
    _told("locked", "(?:LOCKED_OUT|CLIENT LOCKED OUT|CLIENT_LOCKED_OUT)", "refused", "locked"),
    _told(
        "disabled", "(?:CLIENT_EXPIRED|CLIENT EXPIRED|CLIENT NOT ALLOWED|SERVICE NOT ALLOWED)", "refused", "disabled"
    ),
    _told(
        "expired", "(?:CLIENT KEY EXPIRED|CLIENT_KEY_EXPIRED|REQUIRED PWCHANGE|REQUIRED_PWCHANGE)", "refused", "expired"
    ),
    Rule(
        "right",
        _REQUEST + r"ISSUE: authtime [0-9]+, (?:etypes \{[^{}]*\}, )?(?P<user_name>.*) for krbtgt/[^ ]+$",
        "success",
        None,
        None,
        _KERBEROS,
    ),
    Rule(
        "heimdal_wrong",
        r"^Failed to decrypt PA-DATA -- (?P<user_name>.*) \(enctype [a-z0-9-]+\)(?: error .*)?$",
        "failure",
        "bad_password",
        None,
        _KERBEROS,
    ),
    Rule(
        "heimdal_nobody",
        r"^UNKNOWN -- (?P<user_name>.*): [Nn]o such entry found in hdb$",
        "failure",
        "unknown_account",
        None,
        _KERBEROS,
    ),
    Rule(
        "heimdal_right",
        r"^(?:ENC-TS|PKINIT|GSS|ENC-CHAL|FAST) [Pp]re-authentication succeeded -- (?P<user_name>.*) using [a-z0-9-]+$",
        "success",
        None,
        None,
        _KERBEROS,
    ),
    Rule("issued_service", r"^AS_REQ .*: ISSUE: .*$"),
    Rule(
        "other",
        r"^(?:TGS_REQ|AS-REQ|TGS-REQ|closing down fd|preauth \(|DISPATCH|setting up|listening|commencing|shutting|"
        r"Looking for|"
        r"Client (?:sent|supported|no longer)|Need to use|No preauth|AS-REQ|Using |Requested |sending |sent |Pre-auth|"
        r"krb5kdc|\.\.\. |Using|Server not found|Bad request|ENC-TS|PKINIT|skipping|Loading|signal|worker|set up|"
        r"got ).*$",
    ),
)

FORMAT = Format(
    name="krb5kdc",
    title="Kerberos KDC (MIT, Heimdal, FreeIPA)",
    group="identity",
    programs=("krb5kdc", "kdc"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "krb5kdc",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}) (?P<host>[^ ]+) "
            r"krb5kdc\[(?P<pid>[0-9]+)\]\([a-z]+\): )",
            bsd,
            program="krb5kdc",
        ),
    ),
    lacks="Heimdal writes the address in another line than the failure.",
)
