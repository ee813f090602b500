r"""OpenSMTPD's smtpd, 5.4 to 7: sign-ins, and AUTH commands that failed.

Source: usr.sbin/smtpd/smtp_session.c of its releases. 6.0 to 6.3 write ``event=`` and the address on each line; later
ones only in ``connected address=``. The line of the sign-in and that of the failed command are one attempt: they share
the session's number. What a client sent stands right of its address, or a name left of it.
"""

from serjeant.collect.format import Format, Rule

_SESSION = r"^(?P<session_uid>[0-9A-Za-z+/]{9,16}) smtp "
_WHERE = r"address=\[?(?P<src_ip>[0-9A-Fa-f.:]+)\]? host=[^ ]*"
_OLD = _SESSION + r"event=authentication user=(?P<user_name>.*) " + _WHERE
_NEW = _SESSION + r"authentication user=(?P<user_name>.*)"
_COMMAND = _SESSION + r"(?:event=)?failed-command (?:" + _WHERE + r" )?command=\"(?:AUTH|auth) ?.*\" result=\""
_SMTP = {"service": "smtp"}
_ON = r" on session (?P<session_uid>[0-9A-Za-z+/]{9,16})"

_RULES = (
    Rule("login_address", _OLD + " result=ok$", "success", None, "daemon", _SMTP),
    Rule("failed_address", _OLD + " result=permfail$", "failure", "bad_password", "daemon", _SMTP),
    Rule("backend_address", _OLD + " result=tempfail$", "refused", "backend", "daemon", _SMTP),
    Rule("login", _NEW + " result=ok$", "success", None, "daemon", _SMTP),
    Rule("failed", _NEW + " result=permfail$", "failure", "bad_password", "daemon", _SMTP),
    Rule("backend", _NEW + " result=tempfail$", "refused", "backend", "daemon", _SMTP),
    Rule("failed_command", _COMMAND + r"535 .*\"$", "failure", "bad_password", "auth", _SMTP),
    Rule("refused_command", _COMMAND + r"4[0-9]{2} .*\"$", "refused", "backend", "auth", _SMTP),
    Rule("not_offered", _COMMAND + r"5[0-9]{2} .*\"$", "failure", "policy", "auth", _SMTP),
    Rule(
        "accepted_5",
        r"^smtp-in: Accepted authentication for user (?P<user_name>.*)" + _ON + "$",
        "success",
        None,
        "daemon",
        _SMTP,
    ),
    Rule(
        "failed_5",
        r"^smtp-in: Failed command" + _ON + r": \"(?:AUTH|auth)[^\"]*\" => 535 .*$",
        "failure",
        "bad_password",
        "auth",
        _SMTP,
    ),
    # A filter that reports sign-ins (filter-auth); the daemon tells of them too, without the address.
    Rule(
        "reported",
        r"^auth-reporter: failed authentication from user=(?P<user_name>.*) " + _WHERE + "$",
        "failure",
        "bad_password",
        constants=_SMTP,
    ),
    Rule(
        "other",
        r"^(?:[0-9a-f]{16} (?:smtp (?:event=)?(?:connected|closed|disconnected|message|starttls|tls|envelope|"
        r"bad-input|cert-check|failed-command)|mta |mda |queue)|smtp-in: (?:New|Closing|Accepted message|Started|"
        r"Received|Disconnecting|Client|Failed command)|mta: |delivery: |relay: |info: |warn: |debug: |lookup: |"
        r"[a-z-]+: (?:exiting|shutting|starting)).*$",
    ),
)

FORMAT = Format(
    name="opensmtpd",
    title="OpenSMTPD",
    group="mail",
    programs=("smtpd", "opensmtpd"),
    rules=_RULES,
    lacks="Since 6.4 a sign-in and a failed one do not tell the client's address, which only the line of its "
    "connection does.",
)
