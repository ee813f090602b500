r"""OpenSearch (Open Distro, Search Guard): audit log, node log, and the requests that OpenSearch Dashboards logs.

Sources: the security plugin's AuditMessage.java, AuditCategory.java and BackendRegistry.java, its documentation of
audit log fields; Dashboards' response log (as Kibana's before 7.11).
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_API = {"service": "api"}
_PAGE = (
    r"^(?:/[^ ?]*)?/(?:auth/login|api/(?:v1/)?auth/(?:authinfo|login)|internal/security/login|"
    r"api/security/v1/login)(?:\?.*)?$"
)
_POST = {"type": "^response$", "method": "^(?:post|POST)$", "path": _PAGE}

FORMAT = Format(
    name="opensearch",
    title="OpenSearch, OpenSearch Dashboards",
    group="data",
    programs=("opensearch", "opensearch-node", "opensearch-dashboards"),
    rules=(
        Rule(
            "failed",
            r"^Authentication finally failed for (?P<user_name>.*) from "
            r"\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?:(?P<src_port>[0-9]+)$",
            "failure",
            "bad_password",
            constants=_API,
        ),
        Rule(
            "other",
            r"^(?:No '?Authorization|Authentication backend|Cannot authenticate|Transport "
            r"authentication).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "opensearch",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3})\]"
            r"\[[A-Z]+ *\]\[[^\]]*BackendRegistry *\] \[[^\]]*\] )",
            iso,
            program="opensearch",
        ),
    ),
    records=(
        Record(
            fields={
                "time": ("@timestamp", "audit_utc_timestamp"),
                "user_name": ("audit_request_effective_user", "audit_request_initiating_user"),
                "src_ip": "audit_request_remote_address",
                "category": "audit_category",
            },
            cases=(
                Case("audit_nobody", {"category": "^FAILED_LOGIN$", "user_name": "^(?:<NONE>)?$"}),
                Case("audit_failed", {"category": "^FAILED_LOGIN$"}, "failure", "bad_password", None, _API),
                Case("audit_login", {"category": "^AUTHENTICATED$"}, "success", None, None, _API),
                Case("audit_other", {"category": "^.+$"}),
            ),
            marks=('"audit_category"', '"audit_format_version"'),
        ),
        Record(
            fields={
                "time": "@timestamp",
                "src_ip": ("req.remoteAddress", "req.headers.x-forwarded-for"),
                "client": ("req.userAgent", "req.headers.user-agent"),
                "type": "type",
                "method": "method",
                "path": "req.url",
                "status": ("statusCode", "res.statusCode"),
            },
            cases=(
                Case(
                    "page_failed",
                    {**_POST, "status": "^401$"},
                    "failure",
                    "bad_password",
                    None,
                    {**_WEB, "user_name": ""},
                ),
                Case("page_login", {**_POST, "status": "^200$"}, "success", None, None, {**_WEB, "user_name": ""}),
                Case("page_other", {"type": "^response$"}),
            ),
            marks=('"type"', '"statusCode"', '"req"', '"res"'),
        ),
    ),
    values={"user_name": {"<NONE>": ""}},
    lacks="It does not tell the name of those who sign in on Dashboards; behind a proxy its address is the proxy's.",
)
