"""GitLab: the logs ``production_json``, ``application_json`` (and ``application``), ``audit_json`` and ``auth_json``.

Sources: GitLab's log system documentation; app/controllers/sessions_controller.rb, omniauth_callbacks_controller.rb,
app/controllers/concerns/authenticates_with_two_factor.rb, lib/gitlab/auth/activity.rb,
config/initializers/rack_attack_logging.rb.

The request and the line of the application log are one attempt: they share a correlation id. A form for signing in that
is answered with 200 asks for the second factor, once the password was right; a wrong password gives 0, 401 or 422.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated, iso

_WEB = {"service": "web"}
_MFA: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_SIGN_IN = {"controller": r"^(?:SessionsController|Ldap::[A-Za-z]+|JwksController)$", "action": "^create$"}
_CALLBACK = {"controller": "^(?:OmniauthCallbacksController|Ldap::OmniauthCallbacksController)$"}
_KEYED = {"key": "^username$", "named": "^(?P<user_name>.+)$"}
_ANSWER = r"^(?:3[0-9]{2})$"
_WRONG = r"^(?:0|400|401|403|422)$"
_LOGIN = r" Login: username=(?P<user_name>.*) ip=(?P<src_ip>[0-9A-Fa-f.:]+)"
_FACTOR = r"^Failed Login: user=(?P<user_name>.*) ip=(?P<src_ip>[0-9A-Fa-f.:]+) method=[A-Za-z0-9_-]+$"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%B %d, %Y %H:%M", clock)


_REQUEST = Record(
    fields={
        "time": "time",
        "src_ip": ("remote_ip", '"meta.remote_ip"'),
        "client": "ua",
        "session_uid": "correlation_id",
        "user_name": ("params[1].value.login", "params[0].value.login", "params[2].value.login", "username"),
        "key": "params[1].key",
        "named": "params[1].value",
        "method": "method",
        "controller": "controller",
        "action": "action",
        "status": "status",
        "to": "location",
    },
    cases=(
        Case("form_asked", {**_SIGN_IN, "status": "^200$"}, "challenged", "mfa", "daemon", _MFA),
        Case("form_limited", {**_SIGN_IN, "status": "^429$"}, "refused", "policy", None, _WEB),
        Case("form_failed", {**_SIGN_IN, "status": _WRONG}, "failure", "bad_password", "daemon", _WEB),
        Case(
            "form_turned_back",
            {**_SIGN_IN, "status": _ANSWER, "to": "^.*/users/sign_in$"},
            "failure",
            "other",
            "daemon",
            _WEB,
        ),
        Case("form_login", {**_SIGN_IN, "status": _ANSWER}, "success", None, "daemon", _WEB),
        Case(
            "other_failed_named",
            {**_CALLBACK, "action": "^failure$", **_KEYED},
            "failure",
            "bad_password",
            "daemon",
            _WEB,
        ),
        Case("other_failed", {**_CALLBACK, "action": "^failure$"}, "failure", "other", "daemon", _WEB),
        Case("other_login_named", {**_CALLBACK, "status": _ANSWER, **_KEYED}, "success", None, "daemon", _WEB),
        Case("other_login", {**_CALLBACK, "status": _ANSWER}, "success", None, "daemon", _WEB),
        Case("request", {"method": "^[A-Z]+$"}),
    ),
    marks=('"controller"', '"action"', '"method"', '"status"'),
)

_APPLICATION = Record(
    fields={
        "time": "time",
        "session_uid": "correlation_id",
        "message": "message",
        "client": "ua",
        "src_ip": "remote_ip",
        "method": "login_method",
    },
    cases=(
        Case("failed", {"message": "^Failed" + _LOGIN + "$"}, "failure", "bad_password", "auth", _WEB),
        Case("factor_failed", {"message": _FACTOR}, "challenged", "mfa", "auth", _MFA),
        Case(
            "passkey_failed",
            {"message": "^Failed Login$", "method": "^(?P<auth_protocol>.+)$"},
            "failure",
            "other",
            None,
            {**_WEB, "user_name": ""},
        ),
        Case(
            "login",
            {
                "message": "^Successful"
                + _LOGIN
                + r"(?: method=(?P<auth_protocol>[A-Za-z0-9_-]+) admin=(?:true|false))?$"
            },
            "success",
            None,
            "auth",
            _WEB,
        ),
        Case("application", {"message": r"^(?:User |Account |Project |Group |\(LDAP\)|Logout).*$"}),
    ),
    marks=('"severity"', '"time"', '"message"'),
)

_AUDIT = Record(
    fields={
        "time": ("time", "created_at"),
        "src_ip": ("ip_address", '"meta.remote_ip"', "remote_ip"),
        "session_uid": "correlation_id",
        "user_name": ("author_name", "target_details"),
        "auth_protocol": ("with", "failed_login"),
        "with": "with",
        "failed": "failed_login",
    },
    cases=(
        Case("audit_failed", {"failed": "^.+$"}, "failure", "bad_password", "auth", _WEB),
        Case("audit_login", {"with": "^.+$"}, "success", None, "auth", _WEB),
        Case("audit_other", {"user_name": "^.+$"}),
    ),
    marks=('"severity"', '"author_id"', '"entity_type"'),
)

_RACK_ATTACK = Record(
    fields={
        "time": "time",
        "src_ip": ("remote_ip", '"meta.remote_ip"'),
        "user_name": '"meta.user"',
        "message": "message",
        "path": "path",
    },
    cases=(
        Case(
            "limited",
            {"path": r"^/(?:users/(?:sign_in|auth/[^ ]*)|oauth/token|api/v[0-9]/session|jwt/auth)(?:\?.*)?$"},
            "refused",
            "policy",
            None,
            _WEB,
        ),
        Case("limited_elsewhere", {"message": "^Rack_Attack$"}),
    ),
    marks=('"Rack_Attack"', '"env"', '"remote_ip"'),
)

FORMAT = Format(
    name="gitlab",
    title="GitLab",
    group="apps",
    programs=("gitlab", "gitlab-rails"),
    rules=(
        Rule("text_failed", "^Failed" + _LOGIN + "$", "failure", "bad_password", constants=_WEB),
        Rule("text_factor_failed", _FACTOR, "challenged", "mfa", constants=_MFA),
        Rule(
            "text_login",
            "^Successful" + _LOGIN + r"(?: method=(?P<auth_protocol>[A-Za-z0-9_-]+) admin=(?:true|false))?$",
            "success",
            constants=_WEB,
        ),
    ),
    envelopes=(
        Envelope(
            "gitlab-application",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]+ [0-9]{2}, [0-9]{4} [0-9]{2}:[0-9]{2}): )"
            r"(?:Failed|Successful) Login: user(?:name)?=",
            _time,
            program="gitlab",
        ),
        Envelope(
            "gitlab-application-iso",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}Z): )"
            r"(?:Failed|Successful) Login: user(?:name)?=",
            iso,
            program="gitlab",
        ),
    ),
    records=(_RACK_ATTACK, _REQUEST, _AUDIT, _APPLICATION),
    lacks="It does not tell whether the name exists or is blocked; being asked for the second factor looks like "
    "a wrong one.",
)
