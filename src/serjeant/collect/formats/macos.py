r"""macOS Screen Sharing and Apple Remote Desktop (source: screensharingd's ``Authentication:`` lines).

The name stands before the address.
"""

from serjeant.collect.format import Format, Rule

_VNC = {"service": "vnc"}
_WHO = (
    r" :: User Name: (?P<user_name>.*) :: Viewer Address: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"
    r"(?: :: Type: (?P<auth_protocol>[A-Za-z0-9_. -]+))?$"
)
_HEAD = r"^(?:\([A-Za-z]+\) )?Authentication: "

_RULES = (
    Rule("wrong", _HEAD + "FAILED" + _WHO, "failure", "bad_password", None, _VNC),
    Rule("right", _HEAD + "SUCCEEDED" + _WHO, "success", None, None, _VNC),
    Rule(
        "other",
        r"^(?:\([A-Za-z]+\) )?(?:Screen|screen|Connection|connection|Viewer|Attempting|Did |User |Closing|-\[).*$",
    ),
)

FORMAT = Format(
    name="macos",
    title="macOS Screen Sharing",
    group="hosts",
    programs=("screensharingd",),
    rules=_RULES,
    values={"user_name": {"N/A": ""}},
    lacks="It does not tell whether an account exists; su, sudo and sshd of a Mac are read by their own formats.",
)
