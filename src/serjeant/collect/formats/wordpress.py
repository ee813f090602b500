"""WordPress, as the plugin WP fail2ban (and others in its manner) writes to syslog.

Sources: the plugin's feature/user.php, xmlrpc.php and user-enum.php, and its documentation of messages. The syslog
tag is ``wordpress(site)``. Each message ends in ``from ADDRESS``, so the last one is the true one.
"""

from serjeant.collect.format import Format, Rule

_FROM = r" from \[?(?P<src_ip>[0-9A-Fa-f.:]+)\]?$"
_USER = r"(?:[Uu]ser )?(?P<user_name>.*)"
_WEB = {"service": "web"}
_XML = {"service": "web", "auth_protocol": "xml-rpc"}

FORMAT = Format(
    name="wordpress",
    title="WordPress (WP fail2ban)",
    programs=("wordpress", "wp", "WordPress"),
    rules=(
        Rule("accepted", "^Accepted password for " + _USER + _FROM, "success", constants=_WEB),
        Rule(
            "unknown",
            "^Authentication attempt (?:for|from) unknown user (?P<user_name>.*)" + _FROM,
            "failure",
            "unknown_account",
            constants=_WEB,
        ),
        Rule("failed", "^Authentication failure for " + _USER + _FROM, "failure", "bad_password", constants=_WEB),
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
            "other",
            "^(?:Blocked user enumeration|Comment |Spammed comment|Pingback |Password reset requested|XML-RPC request|"
            "Untrusted X-Forwarded-For|Untrusted IP).*$",
        ),
    ),
    gives=("time", "user_name", "src_ip", "dst_host", "service", "auth_protocol", "outcome", "reason"),
    lacks="It tells of sign-ins only where a plugin writes them to syslog, and not what the client calls itself.",
)
