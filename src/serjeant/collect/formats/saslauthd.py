r"""Cyrus SASL's saslauthd, which checks passwords for mail servers (saslauthd-main.c), and Zimbra's part in it.

It knows no address. The server that asked tells of the same attempt with the address and often without the name.
"""

from serjeant.collect.format import Format, Rule

_WHO = r"\[user=(?P<user_name>.*)\] \[service=(?P<service>[^ \[\]]*)\] \[realm=[^\[\]]*\] \[mech=[^ \[\]]*\]"
_FAILED = r"^(?:do_auth +: )?auth failure: " + _WHO

_RULES = (
    Rule(
        "unknown",
        _FAILED + r" \[reason=(?:PAM )?(?:[^\]]*user (?:unknown|not known|not found)|User not known)[^\]]*\]$",
        "failure",
        "unknown_account",
        "pam",
    ),
    Rule("locked", _FAILED + r" \[reason=[^\]]*(?:locked|[Mm]aximum number)[^\]]*\]$", "failure", "locked", "pam"),
    Rule("expired", _FAILED + r" \[reason=[^\]]*expired[^\]]*\]$", "failure", "expired", "pam"),
    Rule(
        "backend",
        _FAILED + r" \[reason=[^\]]*(?:[Uu]navailable|connect|[Ss]ervice not|system error|open |unresponsive)[^\]]*\]$",
        "refused",
        "backend",
        "pam",
    ),
    Rule("failed", _FAILED + r"(?: \[reason=[^\]]*\])?$", "failure", "bad_password", "pam"),
    Rule("login", r"^(?:do_auth +: )?auth success(?: \(cached\))?: " + _WHO + "$", "success", None, "pam"),
    Rule(
        "zimbra_failed",
        r"^auth_zimbra: (?P<user_name>.*) auth failed: .*$",
        "failure",
        "bad_password",
        "pam",
        {"service": "smtp"},
    ),
    Rule("zimbra_login", r"^auth_zimbra: (?P<user_name>.*) auth OK$", "success", None, "pam", {"service": "smtp"}),
    Rule(
        "other",
        r"^(?:detach_tty|ipc_init|server_exit|main|cache_|rel_accept_lock|get_accept_lock|do_request|pam_|"
        r"Authentication failed for|auth_zimbra_init|zmauth|DEBUG: |START: |ldap_|auth_shadow|auth_rimap|num_procs|"
        r"listening|master pid|daemon|set_|entry).*$",
    ),
)

FORMAT = Format(
    name="saslauthd",
    title="Cyrus saslauthd",
    group="mail",
    programs=("saslauthd",),
    rules=_RULES,
    values={"service": {"pop": "pop3", "imap4": "imap", "submission": "smtp", "postfix": "smtp", "xmpp": "xmpp"}},
    lacks="It does not tell the client's address, and nothing joins its line with that of the server that asked it: "
    "read it only where that server's log is missing.",
)
