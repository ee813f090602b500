"""Keycloak's events, in its server log (text) and as the Admin API tells them (JSON).

WildFly and Quarkus write them alike; since release 24 values are quoted.
Sources: services/…/events/log/JBossLoggingEventListenerProvider.java, server-spi-private/…/events/Errors.java, and
the authenticators that raise them. The address stands before all that a user can choose but the client's id. A wrong
second factor has the same error as a wrong password, and names the credential that was selected. An account that
brute force detection shut is refused before the password is looked at.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import bsd, iso, missing

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_ERROR = r"^(?:access\.)?LOGIN_ERROR$"

_CASES = (
    Case("sign_in", {"event": r"^(?:access\.)?LOGIN$"}, "success", None, None, _WEB),
    Case(
        "factor_failed",
        {"event": _ERROR, "error": "^(?:invalid_user_credentials|user_not_found)$", "selected": "^.+$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case(
        "factor_invalid",
        {"event": _ERROR, "error": "^(?:invalid_otp|invalid_totp|missing_totp|invalid_authentication|web_?authn.*)$"},
        "challenged",
        "mfa",
        None,
        _SECOND,
    ),
    Case(
        "wrong",
        {"event": _ERROR, "error": "^(?:invalid_user_credentials|invalid_password)$"},
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Case("unknown", {"event": _ERROR, "error": "^user_not_found$"}, "failure", "unknown_account", None, _WEB),
    Case("disabled", {"event": _ERROR, "error": "^user_disabled$"}, "failure", "disabled", None, _WEB),
    Case("locked", {"event": _ERROR, "error": "^user_temporarily_disabled$"}, "refused", "locked", None, _WEB),
    Case("not_set_up", {"event": _ERROR, "error": "^resolve_required_actions$"}, "challenged", "policy", None, _WEB),
    Case(
        "refused",
        {"event": _ERROR, "error": "^(?:not_allowed|access_denied|realm_disabled|client_disabled|ssl_required)$"},
        "refused",
        "policy",
        None,
        _WEB,
    ),
    Case(
        "no_attempt",
        {
            "event": _ERROR,
            "error": "^(?:expired_code|invalid_code|invalid_request|invalid_redirect_uri|invalid_token|invalid_client|"
            "invalid_signature|invalid_saml_.*|invalid_authn_request|invalid_parameter|client_not_found|cookie_not_found|"
            "session_expired|not_logged_in|user_session_not_found|different_user_authenticated|username_missing|"
            "password_missing|rejected_by_user|consent_denied|already_logged_in|display_unsupported|"
            "unauthorized_client|invalid_client_credentials|interaction_required|login_required|"
            ".*code_(?:challenge|verifier).*|identity_provider_.*|unknown_identity_provider)$",
        },
    ),
    Case("failed", {"event": _ERROR}, "failure", "other", None, _WEB),
    Case("other_event", {"event": r"^[A-Za-z_]+(?:[.-][A-Za-z_.-]+)?$"}),
)

_SYSLOG = r"(?:<[0-9]{1,3}>)?%s [^ ]+ [^ :\[\]]+(?:\[[0-9]+\])?: "
_BSD = r"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}"
_HOUR = r"[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}"
_LOGGER = r" +[A-Z]+ +\[org\.key[a-z]*\.events\] \([^()]*\) )(?:type|operationType)="

FORMAT = Format(
    name="keycloak",
    title="Keycloak and Red Hat build of Keycloak",
    group="identity",
    programs=("keycloak",),
    envelopes=(
        # A service manager's line may stand around the server's.
        Envelope(
            "keycloak-server",
            rf"^(?P<header>(?:{_SYSLOG % f'(?:{_BSD}|[0-9T:.+Z-]+)'})?"
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]" + _HOUR + ")" + _LOGGER,
            iso,
            program="keycloak",
        ),
        # WildFly's console has the hour only.
        Envelope(
            "keycloak-console-syslog",
            rf"^(?P<header>{_SYSLOG % f'(?P<stamp>{_BSD})'}" + _HOUR + _LOGGER,
            bsd,
            program="keycloak",
        ),
        Envelope("keycloak-console", r"^(?P<header>(?P<stamp>" + _HOUR + ")" + _LOGGER, missing, program="keycloak"),
    ),
    records=(
        Record(
            fields={
                "user_name": "username",
                "src_ip": "ipAddress",
                "event": ("type", "operationType"),
                "error": "error",
                "selected": "selected_credential_id",
            },
            cases=_CASES,
            kind="logfmt",
            marks=("realmId=", "ipAddress="),
        ),
        Record(
            fields={
                "time": ("time", "@timestamp"),
                "user_name": ("details.username", "authDetails.username"),
                "src_ip": ("ipAddress", "authDetails.ipAddress"),
                "event": ("type", "operationType"),
                "error": "error",
                "selected": "details.selected_credential_id",
            },
            cases=_CASES,
            marks=('"realmId"', '"ipAddress"'),
        ),
    ),
    lacks="Where values are not quoted a name with a space is cut short, and a made-up client id may imitate the rest.",
)
