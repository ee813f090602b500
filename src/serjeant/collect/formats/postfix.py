r"""Postfix's smtpd: SASL sign-ins at SMTP, submission and smtps, whoever answers for the passwords (Cyrus, Dovecot).

Sources: smtpd_sasl_glue.c, smtpd.c, smtpd_chat.c, SASL_README. The client stands left of all that it says, and a host
name in front of its address holds no brackets, so that no name can move it.

Postfix tells of a sign-in that worked only with a mail that follows it (``client=…, sasl_username=…``); of one without
a mail the counts at the end of the connection tell, without a name. A connection that ends after ``AUTH`` is a probe:
mostly the failure itself stands beside it.
"""

from serjeant.collect.format import Format, Rule

_CLIENT = r"[^ \[\]]*\[(?P<src_ip>[0-9A-Fa-f.:]+)\](?::(?P<src_port>[0-9]+))?"
_FAILED = "^warning: " + _CLIENT + r": SASL (?P<auth_protocol>[^ ]+) authentication failed:(?: |$)"
_SMTP = {"service": "smtp"}

_RULES = (
    Rule(
        "backend",
        _FAILED + r"(?:Connection lost to authentication|Can't connect to|(?:[0-9. ]+)?[Tt]emporary ).*$",
        "refused",
        "backend",
        constants=_SMTP,
    ),
    Rule(
        "mechanism",
        _FAILED + r"(?:Invalid authentication mechanism|no mechanism available).*$",
        "refused",
        "policy",
        constants=_SMTP,
    ),
    # Without a name it must not get that of another client of the same process.
    Rule(
        "failed_unnamed",
        _FAILED + r"[^,]*, sasl_username=\(unavailable\)$",
        "failure",
        "bad_password",
        constants=_SMTP,
    ),
    Rule(
        "failed_named",
        _FAILED + r"[^,]*, sasl_username=(?P<user_name>.*)$",
        "failure",
        "bad_password",
        "daemon",
        _SMTP,
    ),
    Rule("failed", _FAILED + ".*$", "failure", "bad_password", "daemon", _SMTP),
    Rule(
        "login",
        "^[0-9A-Za-z]{4,20}: client="
        + _CLIENT
        + r", sasl_method=(?P<auth_protocol>[^ ,]+), sasl_username=(?P<user_name>[^,]*)"
        # Behind a content filter (XFORWARD); what the client gives as sasl_sender stands before it.
        r"(?:(?:, orig_queue_id=[0-9A-Za-z]+)?(?:, orig_client=[^ \[\]]*\[(?P<forwarded>[0-9A-Fa-f.:]+)\])?|, .*)$",
        "success",
        constants=_SMTP,
    ),
    Rule(
        "login_without_mail",
        "^disconnect from "
        + _CLIENT
        + r"(?: (?:helo|ehlo|starttls|xclient|xforward)=[0-9/]+)* auth=[1-9][0-9]*(?:/[0-9]+)?(?: mail=0/[0-9]+)?"
        r"(?: (?:rcpt=0/[0-9]+|(?:rset|noop|quit|vrfy|help|unknown)=[0-9/]+))* commands=[0-9/]+$",
        "success",
        constants=_SMTP,
    ),
    Rule(
        "rate_limit",
        "^warning: AUTH command rate limit exceeded: [0-9]+ from " + _CLIENT + " for service .*$",
        "refused",
        "policy",
        constants=_SMTP,
    ),
    Rule(
        "left_after_auth",
        r"^(?:lost connection|too many errors) after AUTH(?: \([^()]*\))? from " + _CLIENT + "$",
        "failure",
        "other",
        "probe",
        _SMTP,
    ),
    Rule(
        "other",
        r"^(?:connect from |disconnect from |lost connection |timeout |too many errors |improper command |proxy-|"
        r"SSL_accept |TLS |Trusted |Anonymous |Untrusted |Verified |setting up |initializing |table |using |statistics|"
        r"NOQUEUE: (?:reject|filter|milter|warn|permit|discard|hold|redirect|client=[^,]*$)|"
        r"[0-9A-Za-z]{4,20}: (?:reject|filter|milter|warn|discard|hold|redirect|replace|prepend|client=[^,]*$|"
        r"client=[^,]*, (?:orig|proxy)_)|"
        r"fatal: |panic: |error: |reload |terminating |daemon started|"
        r"warning: (?:non-SMTP command |hostname |numeric hostname|SASL |TLS |dict_|network_|proxy:|run-time |"
        r"unsupported |problem |timeout |milter |connect to |Illegal |restriction |unknown smtpd|access |table |"
        r"support for |do not list |cannot |hash:|maximum |Connection |Message |Recipient |New TLS |"
        r"[^ ]+: (?:address not listed|hostname |RBL lookup |queue file|TLS ))).*$",
    ),
)

FORMAT = Format(
    name="postfix",
    title="Postfix",
    group="mail",
    # syslog_name and the service's name in master.cf are the administrator's.
    programs=("postfix/smtpd", "postfix*/smtpd", "postfix"),
    rules=_RULES,
    lacks="Before 3.9 or so it does not tell which name failed; where Dovecot or saslauthd checks the passwords and "
    "logs that too, the same attempt is told twice, and nothing in the lines joins them.",
)
