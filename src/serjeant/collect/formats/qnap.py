r"""QNAP QTS: the connection log that it forwards by syslog (source: QTS's ``conn log``).

The name stands before the address and the computer's behind it; neither may hold a comma, so neither can move it.
"""

from serjeant.collect.format import Format, Rule

_WHO = (
    r"^conn log: Users: (?P<user_name>[^,]*), Source IP: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?, "
    r"Computer name: [^,]*, Connection type: (?P<service>[A-Za-z0-9 /_-]+), Accessed resources: [^,]*, Action: "
)

_ODD = (
    "^conn log: Users: .*(?P<user_name>), Connection type: (?P<service>[A-Za-z0-9 /_-]+), "
    "Accessed resources: [^,]*, Action: "
)
_MORE = "(?:, Client [A-Za-z]+: [^,]*)*$"
_RULES = (
    Rule("wrong", _WHO + "Login Fail" + _MORE, "failure", "bad_password"),
    # A comma too many: only the end of the line is believed.
    Rule("odd", _ODD + "Login Fail$", "failure", "other"),
    Rule("right", _WHO + "Login OK" + _MORE, "success"),
    Rule(
        "other",
        "^conn log: Users: .*, Action: (?:Logout|Read|Write|Delete|Rename|Copy|Move|Create|Mount|Unmount|Open|Add).*$",
    ),
    Rule("event", "^event log: .*$"),
)

FORMAT = Format(
    name="qnap",
    title="QNAP QTS",
    group="hosts",
    programs=("qlogd", "qulogd"),
    rules=_RULES,
    values={
        "service": {
            **dict.fromkeys(("HTTP", "HTTPS", "WebDAV", "File Station"), "web"),
            **dict.fromkeys(("SAMBA", "Samba", "SMB"), "smb"),
            **dict.fromkeys(("FTP", "FTPS", "SFTP"), "ftp"),
            "SSH": "ssh",
            "TELNET": "telnet",
            "AFP": "afp",
            "RADIUS": "radius",
            "VPN": "vpn",
        },
        "user_name": {"---": ""},
    },
    lacks="It does not tell names that hold a comma, nor whether an account exists.",
)
