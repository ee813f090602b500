"""LemonLDAP::NG's user log, by syslog.

Source: its documentation, "Logs" (user log samples), and the portal's authentication modules (Auth/LDAP.pm,
Lib/LDAP.pm, Auth/PAM.pm, Auth/Combination.pm, 2F/*.pm). Version 1 writes ``Lemonldap::NG : `` before the text,
version 2 the level. The name is as typed where a sign-in failed. That a session was granted is the one line that
counts of a success.
"""

from serjeant.collect.format import Format, Rule

_LEVEL = r"^(?:\[[a-z]+\] |Lemonldap::NG ?: )?"
_FROM = r" \((?P<src_ip>[0-9A-Fa-f.:]+)\)$"
_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}

_RULES = (
    Rule(
        "granted",
        _LEVEL + r"Session granted for (?P<user_name>.*) by [A-Za-z0-9_:-]+" + _FROM,
        "success",
        None,
        None,
        _WEB,
    ),
    Rule("wrong", _LEVEL + "Bad password for (?P<user_name>.*)" + _FROM, "failure", "bad_password", None, _WEB),
    Rule("wrong_no_address", _LEVEL + "Bad password for (?P<user_name>.*)$", "failure", "bad_password", None, _WEB),
    Rule("factor_failed", _LEVEL + "[a-z0-9]+2f: failed for (?P<user_name>.*)$", "challenged", "mfa", None, _SECOND),
    Rule(
        "unknown",
        _LEVEL + "(?P<user_name>.*) was not found in [A-Za-z0-9 ]+" + _FROM,
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Rule(
        "unknown_no_address",
        _LEVEL + "(?:User )?(?P<user_name>.*) (?:was not found in LDAP directory|not found)$",
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Rule(
        "all_failed",
        _LEVEL + "All schemes failed for user (?P<user_name>.*)" + _FROM,
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "pam",
        _LEVEL + "PAM failed to authenticate (?P<user_name>.*): [A-Za-z ]+$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "other",
        _LEVEL + "(?:User .* (?:successfully authenticated at level|has been disconnected|is authorized|is redirected)|"
        "Password changed for |[^ ]+ connected).*$",
    ),
)

FORMAT = Format(
    name="llng",
    title="LemonLDAP::NG",
    group="identity",
    programs=("LLNG", "LLNGuser", "lemonldap-ng", "LemonLDAPNG", "llng-fastcgi-server", "llng"),
    rules=_RULES,
    lacks="Some of its modules write no address: on their lines, one in the name is taken for it.",
)
