"""Nextcloud's and ownCloud's ``nextcloud.log``, ``audit.log`` (the app admin_audit) and syslog.

Sources: core/Controller/LoginController.php, core/Controller/TwoFactorChallengeController.php,
lib/private/Authentication/Login (the chain of commands, which refuses a disabled account before it looks at the
password), lib/private/Security/Bruteforce/Throttler.php, the app admin_audit.

The throttler speaks of the same request (``reqId``) once more, without the name. ``Login successful`` is said when the
password was right; a second factor comes after it.
"""

from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record

_NAMED = r"^Login failed: ['\"]?(?P<user_name>.*?)['\"]?"
_IP = r" \(Remote IP: ['\"]?(?P<src_ip>[0-9A-Fa-f.:]+)['\"]?(?:, X-Forwarded-For: (?P<forwarded>[^()]*))?\)$"
_FACTOR = r"Two-factor challenge failed: ['\"]?(?P<user_name>.*?)['\"]?"
_LOGIN = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_TOLD = "^.+$"

FORMAT = Format(
    name="nextcloud",
    title="Nextcloud, ownCloud",
    group="apps",
    programs=("Nextcloud", "nextcloud", "ownCloud", "owncloud"),
    rules=(
        Rule(
            "syslog_disabled",
            r"^\{[a-zA-Z_ ]+\} Login failed: ['\"]?(?P<user_name>.*?)['\"]? disabled" + _IP,
            "failure",
            "disabled",
            constants=_LOGIN,
        ),
        Rule(
            "syslog_failed",
            r"^\{[a-zA-Z_ ]+\} Login failed: ['\"]?(?P<user_name>.*?)['\"]?" + _IP,
            "failure",
            "bad_password",
            constants=_LOGIN,
        ),
        Rule("syslog_factor_failed", r"^\{[a-zA-Z_ ]+\} " + _FACTOR + _IP, "challenged", "mfa", constants=_SECOND),
        Rule("syslog_other", r"^\{[a-zA-Z_ ]+\} (?:Trusted domain error|Deprecated|Logout|Login attempt).*$"),
    ),
    records=(
        Record(
            fields={
                "time": "time",
                "src_ip": "remoteAddr",
                "client": "userAgent",
                "session_uid": "reqId",
                "user_name": "user",
                "message": ("message", "data.message"),
                "app": "app",
            },
            cases=(
                Case("disabled", {"message": _NAMED + " disabled" + _IP}, "failure", "disabled", "daemon", _LOGIN),
                Case("failed", {"message": _NAMED + _IP}, "failure", "bad_password", "daemon", _LOGIN),
                Case("failed_bare", {"message": _NAMED + "$"}, "failure", "bad_password", "daemon", _LOGIN),
                Case(
                    "throttled",
                    {"message": r'^Bruteforce attempt from "[^"]*" detected for action "(?:login|.*[Ll]ogin)"\.?$'},
                    "failure",
                    "bad_password",
                    "probe",
                    _LOGIN,
                ),
                Case(
                    "login", {"message": r'^Login successful: "?(?P<user_name>.*?)"?$'}, "success", None, None, _LOGIN
                ),
                Case("factor_failed", {"message": "^" + _FACTOR + _IP}, "challenged", "mfa", "daemon", _SECOND),
                # The app admin_audit tells of the same request.
                Case(
                    "factor_failed_audit",
                    {"message": r"^Failed two factor attempt by user .* \((?P<user_name>[^()]*)\) with provider .*$"},
                    "challenged",
                    "mfa",
                    "auth",
                    _SECOND,
                ),
                Case(
                    "other",
                    {
                        "message": r"^(?:Login attempt|Logout occurred|Trusted domain error|Successful two factor|"
                        r"Bruteforce attempt|File |The file|User |Could not|Exception|Deprecated|deprecated|"
                        r"IP address throttled|Session token|Console command).*$",
                        "app": _TOLD,
                    },
                ),
            ),
            marks=('"app"', '"message"', '"level"', '"time"'),
        ),
    ),
    values={"user_name": {"--": ""}, "client": {"--": ""}},
    lacks="It does not tell whether the name exists, and of successful sign-ins only with the app admin_audit.",
)
