r"""Pure-FTPd (source: log messages of src/messages_en.h).

What a line begins with, ``(NAME@ADDRESS)``, holds the name that was typed, and so may what it ends with. A name with
parentheses is left unparsed: then the address stands between the only ones.
"""

from serjeant.collect.format import ADDRESS_OR_NAME, Format, Rule

_FTP = {"service": "ftp"}
_PEER = r"^\([^()]*@" + ADDRESS_OR_NAME + r"\) \[[A-Z]+\] "

_RULES = (
    Rule(
        "wrong",
        _PEER + r"Authentication failed for user \[?(?P<user_name>[^()\[\]]*)\]?$",
        "failure",
        "bad_password",
        "daemon",
        _FTP,
    ),
    Rule(
        "disabled",
        _PEER + r"Can't login as \[(?P<user_name>[^()\[\]]*)\]: account disabled$",
        "failure",
        "disabled",
        "daemon",
        _FTP,
    ),
    Rule("right", _PEER + "(?P<user_name>[^()]*) is now logged in$", "success", None, "daemon", _FTP),
    Rule(
        "other",
        r"^(?:\([^()]*\) )?\[(?:INFO|NOTICE|WARNING|ERROR|DEBUG)\] (?:New connection |Logout|Timeout|Too many |"
        r"Anonymous |Can't |Unable |"
        r"Sorry|Command |[^ ]+ (?:uploaded|downloaded|deleted|renamed)|Exit|Deleted|Unknown |The |You |"
        r"TLS|SSL|Invalid ).*$",
    ),
)

FORMAT = Format(
    name="pureftpd",
    title="Pure-FTPd",
    group="hosts",
    programs=("pure-ftpd", "pureftpd", "pure-ftpd-mysql", "pure-ftpd-ldap", "pure-ftpd-postgresql"),
    rules=_RULES,
    values={"user_name": {"?": ""}},
    lacks="It does not tell whether an account exists, and it tells no address where it looks names up.",
)
