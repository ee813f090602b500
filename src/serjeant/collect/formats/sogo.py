r"""SOGo's log (sogo.log): sign-ins at its web page.

Source: UI/MainUI/SOGoRootPage.m (``connectAction``). The address is that of ``X-Forwarded-For``, which ends with
what proxies added: the last one that is not private is the client. Header and name are the client's, on both sides,
so neither may hold a quote.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_PRIVATE = r"(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|169\.254\.|::1|f[cd][0-9a-f]{2}:|fe80:)"
_FROM = (
    r"from '(?P<forwarded>(?:[^']*?, )??(?P<src_ip>[0-9A-Fa-f.:]+)(?:, " + _PRIVATE + r"[0-9A-Fa-f.:]*)*)' "
    r"for user '(?P<user_name>[^']*)'"
)
_PAGE = r"^(?:<?(?:0x)*[0-9a-f]+\[SOGoRootPage\]>?:? ?|SOGoRootPage:? |)"
_WEB = {"service": "web"}
_NSLOG = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?: [+-][0-9]{4})?"

_RULES = (
    Rule(
        "locked",
        _PAGE + "Login " + _FROM + r" might not have worked - password policy: 1 .*$",
        "failure",
        "locked",
        constants=_WEB,
    ),
    Rule(
        "expired",
        _PAGE + "Login " + _FROM + r" might not have worked - password policy: (?:0|2) .*$",
        "failure",
        "expired",
        constants=_WEB,
    ),
    Rule("failed", _PAGE + "Login " + _FROM + r" might not have worked.*$", "failure", "bad_password", constants=_WEB),
    Rule(
        "failed_nowhere",
        _PAGE + r"Login for user '(?P<user_name>.*)' might not have worked - .*$",
        "failure",
        "bad_password",
        constants=_WEB,
    ),
    Rule("login", _PAGE + "[Ss]uccessful login " + _FROM + ".*$", "success", constants=_WEB),
    Rule(
        "login_nowhere",
        _PAGE + r"[Ss]uccessful login for user '(?P<user_name>.*)' - .*$",
        "success",
        constants=_WEB,
    ),
    Rule(
        "other",
        r"^(?:[0-9A-Fa-f.:, -]+ \"[A-Z]+ |\[(?:ERROR|WARN|INFO)\] |<?0x[0-9a-fx]+\[(?:[A-RT-Z]|S[A-NP-Z]|"
        r"SO(?:PE|Go[A-QS-Z]))|\|SOGo\| |SOPE|WOHttpAdaptor|version |vmem_size|listening|Note: |child |starting|"
        r"exiting|WSExit|Sending |mail_|EAS - ).*$",
    ),
)

FORMAT = Format(
    name="sogo",
    title="SOGo",
    group="mail",
    programs=("sogod", "sogo", "SOGo"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "sogo-log",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9:]{8}) sogod \[(?P<pid>[0-9]+)\]: )",
            bsd,
            program="sogod",
        ),
        Envelope(
            "sogo-nslog",
            r"^(?P<header>(?P<stamp>" + _NSLOG + r") sogod\[(?P<pid>[0-9]+)(?::[0-9a-f]+)?\] )",
            iso,
            program="sogod",
        ),
    ),
    lacks="It does not tell wrong passwords from unknown names; sign-ins at CalDAV and ActiveSync only the mail server "
    "behind it tells; a name with a quote is not read.",
)
