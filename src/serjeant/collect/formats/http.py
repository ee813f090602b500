r"""Access logs of web servers: sign-ins that can be seen from outside, at pages that are known to be for signing in.

nginx, Apache, lighttpd, Traefik and many more write the *common* or *combined* log format; HAProxy, Nginx Proxy
Manager, Caddy and Traefik have ways of their own. A sign-in is a POST to a page for signing in that was answered with
401 or 403, or any request whose user (basic authentication) was answered with 401. WordPress, TYPO3 and Contao
answer a wrong password with the form again (200), and WordPress a right one with 302.

Mere 401 without a user is the server's question, not an answer: a probe that names nobody. 404 and the like are scans.
nginx writes whatever name a client sends, asked or not, so a name with 200 proves nothing; Caddy and Traefik write it
only where it was checked.
Quotes in names are escaped, so the first quote ends what a user chose left of it.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated

_ADDRESS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*"
_IP = "(?P<src_ip>" + _ADDRESS + ")"
_SITE = r"^(?:[^ \"]+ )??"
_STAMP = r"[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}"
_QUOTED = r"(?:[^\"\\]|\\.)*"
_FROM = _SITE + _IP + r"(?::[0-9]{1,5})? [^ \"]+ "
_WHO = _FROM + r"\"?(?P<user_name>" + _QUOTED + r"?)\"? \[" + _STAMP + r"\] \""
_NOBODY = _SITE + "(?:" + _ADDRESS + r")(?::[0-9]{1,5})? [^ \"]+ - \[" + _STAMP + r"\] \""
_AFTER = (
    r"(?: (?:[0-9]+|-))?(?: \"" + _QUOTED + r"\"(?: \"(?P<client>" + _QUOTED + r")\"(?: \"(?P<forwarded>[^\"]*)\")?)?)?"
    r"(?: .*)?$"
)
_HTTP = r" HTTP/[0-9.]+\" "

_PAGE = (
    r"(?:[^ \"?]*/(?:[A-Za-z0-9_-]*(?:[Ll]og[_-]?[Ii]n|LOGIN|[Ll]ogon|[Ss]ign[_-]?[Ii]n)(?:[_-]?(?:check|auth|post|"
    r"submit|action|form|page|password|email|user))?(?:\.[A-Za-z]{2,5})?|auth(?:enticate|entication)?|sessions?|"
    r"auth/1/session|callback/credentials|j_(?:spring_)?security_check|auth\.owa|cgi-bin/luci|"
    r"admin(?:istrator)?/index\.php)/?(?:\?[^ \"]*)?|[^ \"?]*\?(?:[^ \"]*&)?_task=login(?:&[^ \"]*)?)"
)
_WP = r"[^ \"?]*wp-login\.php(?:\?[^ \"]*)?"
_AGAIN = (
    r"(?:[^ \"?]*/contao/login(?:\?[^ \"]*)?|"
    r"[^ \"?]*/typo3/(?:index\.php)?\?(?:[^ \"]*&)?(?:loginProvider|login_status)=[^ \"]*)"
)
_WEB = {"service": "web"}
_BASIC = {"service": "web", "auth_protocol": "basic"}

_PROXY = r"^\[" + _STAMP + r"\] (?:[A-Z-]+ )?(?:[0-9]{3} |- )?"
_NPM = r" - POST https?[^\" ]* [^\" ]+ \"" + _PAGE + r"\" \[Client " + _IP + r"\] .*?\"(?P<client>[^\"]*)\" \"[^\"]*\"$"
_BALANCED = r":(?P<src_port>[0-9]{1,5}) \[[^\]\"]*\] [^ \"]+ [^ \"]+/[^ \"]+ [0-9/+-]+ "


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d/%b/%Y:%H:%M:%S %z", clock)


def _post(name: str, page: str, status: str, outcome: str, reason: str | None) -> Rule:
    return Rule(name, _WHO + "POST " + page + _HTTP + status + _AFTER, outcome, reason, constants=_WEB)


_READS = "(?:GET|HEAD|OPTIONS|PUT|PATCH|DELETE|PROPFIND|REPORT|CONNECT|TRACE) "

_RULES = (
    Rule(
        "question",
        _SITE + _IP + r"(?::[0-9]{1,5})? [^ \"]+ - \[" + _STAMP + r"\] \"" + _READS + _QUOTED + r"\" 401" + _AFTER,
        "failure",
        "other",
        "probe",
        _WEB,
    ),
    # Nearly all lines of such a log.
    Rule("read", _NOBODY + _READS + ".*$"),
    Rule(
        "wordpress_other",
        _SITE
        + r"[^\"]*(?:\"[^\" ]*\")?[^\"]* \["
        + _STAMP
        + r"\] \"POST [^ \"?]*wp-login\.php\?(?:[^ \"]*&)?action=(?:"
        r"confirm_admin_email|postpass|logout|lostpassword|retrievepassword|resetpass|rp|register|checkemail|"
        r"confirmaction|entered_recovery_mode)[& ].*$",
    ),
    _post("wordpress_failed", _WP, "200", "failure", "bad_password"),
    _post("wordpress_login", _WP, "302", "success", None),
    _post("form_again", _AGAIN, "200", "failure", "bad_password"),
    _post("login_failed", _PAGE, "401", "failure", "bad_password"),
    _post("login_forbidden", _PAGE, "403", "failure", "other"),
    _post("login_locked", _PAGE, "423", "refused", "locked"),
    _post("login_limited", _PAGE, "429", "refused", "policy"),
    Rule("asked", _NOBODY + r".*$"),
    Rule(
        "basic_failed",
        _WHO + _QUOTED + r"\" 401" + _AFTER,
        "failure",
        "bad_password",
        constants=_BASIC,
    ),
    Rule("proxy_manager_failed", _PROXY + "401" + _NPM, "failure", "bad_password", constants=_WEB),
    Rule("proxy_manager_forbidden", _PROXY + "403" + _NPM, "failure", "other", constants=_WEB),
    Rule("proxy_manager_other", _PROXY + r"(?:[0-9]{3}|-) - [A-Z]+ http.*$"),
    Rule(
        "balancer_failed",
        "^" + _IP + _BALANCED + r"401 [^\"]*\"POST " + _PAGE + r"(?: HTTP/[0-9.]+)?\"$",
        "failure",
        "bad_password",
        constants=_WEB,
    ),
    Rule(
        "balancer_forbidden",
        "^" + _IP + _BALANCED + r"403 [^\"]*\"POST " + _PAGE + r"(?: HTTP/[0-9.]+)?\"$",
        "failure",
        "other",
        constants=_WEB,
    ),
    Rule(
        "balancer_question",
        "^" + _IP + _BALANCED + r"401 .*$",
        "failure",
        "other",
        "probe",
        _WEB,
    ),
    Rule("balancer_other", r"^[0-9A-Fa-f.:]+:[0-9]{1,5} \[[^\]]*\] [^ ]+ [^ ]+/[^ ]+ [0-9/+-]+ .*$"),
    Rule("other", _SITE + "(?:" + _ADDRESS + r")(?::[0-9]{1,5})? [^ \"]+ .* \[" + _STAMP + r"\] \".*$"),
)


def _cases(prefix: str, sent: str) -> tuple[Case, ...]:
    """What an object of an access log means.

    :param sent: field that is there where a name was checked
    """
    page, post = {"path": "^" + _PAGE + "$"}, {"method": "^POST$"}
    return (
        Case(prefix + "_failed", {"status": "^401$"} | post | page, "failure", "bad_password", None, _WEB),
        Case(prefix + "_forbidden", {"status": "^403$"} | post | page, "failure", "other", None, _WEB),
        Case(
            prefix + "_basic_failed", {"status": "^401$", sent: "^.*[^-].*$"}, "failure", "bad_password", None, _BASIC
        ),
        Case(prefix + "_question", {"status": "^401$"}, "failure", "other", "probe", _WEB),
    )


def _by_proxies(rows: pl.DataFrame) -> pl.DataFrame:
    """Traefik's ``ClientHost`` is what X-Forwarded-For says, where a request has that header; it may be a chain."""
    chain = pl.col("chain").str.contains(",", literal=True)
    return rows.with_columns(
        src_ip=pl.when(chain).then("peer").otherwise(pl.coalesce("src_ip", "peer")), forwarded=pl.col("chain")
    )


_CHECKED = {"status": "^[123][0-9]{2}$", "user_name": "^.*[^-].*$"}

_RECORDS = (
    Record(
        fields={
            "time": "ts",
            "src_ip": ("request.client_ip", "request.remote_ip", "request.remote_addr"),
            "src_port": "request.remote_port",
            "user_name": "user_id",
            "client": "request.headers.User-Agent[0]",
            "forwarded": "request.headers.X-Forwarded-For[0]",
            "sent": "request.headers.Authorization",
            "method": "request.method",
            "path": "request.uri",
            "status": "status",
        },
        cases=(
            *_cases("caddy", "sent"),
            Case("caddy_basic", _CHECKED, "success", None, None, _BASIC),
            Case("caddy_other", {"status": "^[0-9]*$"}),
        ),
        marks=('"request"', '"resp_headers"', '"status"'),
    ),
    Record(
        fields={
            "time": ("time", "StartUTC"),
            "chain": "ClientHost",
            "src_ip": "ClientHost",
            "peer": "ClientAddr",
            "src_port": "ClientPort",
            "user_name": "ClientUsername",
            "client": '"request_User-Agent"',
            "method": "RequestMethod",
            "path": "RequestPath",
            "status": "DownstreamStatus",
        },
        cases=(
            *_cases("traefik", "user_name"),
            Case("traefik_basic", _CHECKED, "success", None, None, _BASIC),
            Case("traefik_other"),
        ),
        marks=('"ClientHost"', '"DownstreamStatus"', '"RequestPath"'),
        derive=_by_proxies,
    ),
    Record(
        fields={
            "time": ("time_iso8601", "@timestamp", "timestamp", "time"),
            "src_ip": "remote_addr",
            "user_name": "remote_user",
            "client": "http_user_agent",
            "forwarded": ("http_x_forwarded_for", "x_forwarded_for", "xff"),
            "method": "request_method",
            "path": "request_uri",
            "status": "status",
        },
        cases=(*_cases("json", "user_name"), Case("json_other")),
        marks=('"remote_addr"', '"request_uri"', '"status"', '"request_method"'),
    ),
)

FORMAT = Format(
    name="http",
    title="Access logs of web servers",
    group="web",
    programs=(
        "http-access",
        "nginx",
        "openresty",
        "apache",
        "apache2",
        "httpd",
        "haproxy",
        "lighttpd",
        "caddy",
        "traefik",
    ),
    rules=_RULES,
    envelopes=(
        Envelope(
            "http-access",
            "^(?P<header>)"
            + _SITE.removeprefix("^")
            + "(?:"
            + _ADDRESS
            + r")(?::[0-9]{1,5})? [^ \"]+ \"?"
            + _QUOTED
            + r"?\"? \[(?P<stamp>"
            + _STAMP
            + r")\] \"",
            _time,
            program="http-access",
        ),
        Envelope(
            "nginx-proxy-manager",
            r"^(?P<header>)\[(?P<stamp>" + _STAMP + r")\] (?:[A-Z-]+ )?(?:[0-9]{3}|-)(?: [^\"]*)? - [A-Z]+ https? ",
            _time,
            program="http-access",
        ),
    ),
    records=_RECORDS,
    values={"user_name": {"-": ""}, "client": {"-": ""}},
    lacks="It tells names only of basic authentication, and sign-ins only at pages that are widely known, and of those "
    "hardly any that succeeded; a page that answers a wrong password with 200 or 302, as most do, is not seen. Where "
    "Caddy or Traefik tell of success, each request repeats it.",
)
