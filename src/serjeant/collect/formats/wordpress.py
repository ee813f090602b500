r"""WordPress, as the plugin WP fail2ban (and others in its manner) and WPsyslog2 write to syslog.

Sources: WP fail2ban's feature/user.php, xmlrpc.php and user-enum.php, and its documentation of messages; the plugin
wp-fail2ban-logging; wpsyslog2.php. The syslog tag is ``wordpress(site)``. WP fail2ban's messages end in
``from ADDRESS``, so the last one is the true one; WPsyslog2's begin with the address.
"""

from serjeant.collect.format import Format, Rule

_FROM = r" from \[?(?P<src_ip>[0-9A-Fa-f.:]+)\]?$"
_SYSLOG2 = r"^\[(?P<src_ip>[0-9A-Fa-f.:]+) [^\[\]]*\] (?:Debug|Notice|Info|Warning|Error|Critical): "
_NAMED = r"[:.]? ?(?:User ?[Nn]ame: )?(?P<user_name>.*)$"
_USER = r"(?:[Uu]ser )?(?P<user_name>.*)"
_WEB = {"service": "web"}
_XML = {"service": "web", "auth_protocol": "xml-rpc"}

FORMAT = Format(
    name="wordpress",
    title="WordPress (WP fail2ban)",
    group="apps",
    programs=("wordpress", "wp", "WordPress", "WPsyslog"),
    rules=(
        Rule("accepted", "^Accepted password for " + _USER + _FROM, "success", constants=_WEB),
        Rule(
            "unknown",
            "^Authentication attempt (?:for|from) unknown user (?P<user_name>.*)" + _FROM,
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule(
            "failed",
            "^(?:Authentication|Wordpress authentication|WordPress authentication) failure for " + _USER + _FROM,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("empty_name", "^Empty username" + _FROM, "failure", "unknown_account", constants=_WEB),
        Rule(
            "blocked",
            "^Blocked (?:username )?authentication attempt for " + _USER + _FROM,
            "refused",
            "policy",
            constants=_WEB,
        ),
        Rule(
            "xmlrpc_unknown",
            "^XML-RPC [Aa]uthentication attempt for unknown user (?P<user_name>.*)" + _FROM,
            "failure",
            "unknown_account",
            constants=_XML,
        ),
        Rule(
            "xmlrpc_failed",
            "^XML-RPC [Aa]uthentication failure for " + _USER + _FROM,
            "failure",
            "bad_password",
            constants=_XML,
        ),
        Rule(
            "xmlrpc_many",
            "^XML-RPC (?:multicall )?[Aa]uthentication failure" + _FROM,
            "failure",
            "bad_password",
            constants=_XML,
        ),
        Rule(
            "rest_unknown",
            "^REST [Aa]uthentication attempt for unknown user (?P<user_name>.*)" + _FROM,
            "failure",
            "unknown_account",
            constants={"service": "api"},
        ),
        Rule(
            "rest_failed",
            "^REST [Aa]uthentication failure for " + _USER + _FROM,
            "failure",
            "bad_password",
            constants={"service": "api"},
        ),
        Rule(
            "rest_accepted", "^REST [Aa]ccepted password for " + _USER + _FROM, "success", constants={"service": "api"}
        ),
        Rule(
            "syslog2_failed",
            _SYSLOG2 + "User authentication failed" + _NAMED,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule(
            "syslog2_login",
            _SYSLOG2 + "User (?:logged in|authentication succeeded)" + _NAMED,
            "success",
            constants=_WEB,
        ),
        Rule("syslog2_other", r"^\[[^\[\]]*\] (?:Debug|Notice|Info|Warning|Error|Critical): .*$"),
        Rule(
            "other",
            "^(?:Blocked user enumeration|Comment |Spammed comment|Pingback |Password reset requested|XML-RPC request|"
            "Untrusted X-Forwarded-For|Untrusted IP).*$",
        ),
    ),
    lacks="It tells of sign-ins only where a plugin writes them to syslog, and not what the client calls itself.",
)
