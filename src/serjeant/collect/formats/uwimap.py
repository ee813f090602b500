r"""The University of Washington's IMAP and POP servers (and Panda IMAP), as its c-client library logs sign-ins.

Sources: imapd.c, ipop3d.c, osdep/unix/env_unix.c. ``user=`` and ``auth=`` are the client's, its address closes the
line.
"""

from serjeant.collect.format import Format, Rule

_HOST = r" host=(?:[^ \[\]]+ )?\[(?P<src_ip>[0-9A-Fa-f.:]+)\](?: nmsgs=[0-9]+/[0-9]+)?$"
_WHO = r"user=(?P<user_name>.*?)(?: auth=.*)?" + _HOST
_MAIL = {"service": "mail"}

_RULES = (
    Rule("failed", r"^Login (?:failed|failure) " + _WHO, "failure", "bad_password", constants=_MAIL),
    Rule("apop_failed", r"^APOP (?:failed|failure) " + _WHO, "failure", "bad_password", constants=_MAIL),
    Rule(
        "sasl_failed",
        r"^AUTHENTICATE (?P<auth_protocol>[^ ]+) failure" + _HOST,
        "failure",
        "bad_password",
        constants=_MAIL,
    ),
    Rule("excessive", r"^Login excessive login failures " + _WHO, "refused", "locked", constants=_MAIL),
    Rule("disabled", r"^Login disabled " + _WHO, "refused", "policy", constants=_MAIL),
    Rule("login", r"^(?:Login|Authenticated|Auth|APOP) " + _WHO, "success", constants=_MAIL),
    Rule(
        "other",
        r"^(?:Logout|Autologout|Killed|Broken pipe|Command stream|Unexpected client|Kiss of|Login(?: aborted)? user=\?|"
        r"Preauthenticated|imaps? SSL service|pop3s? SSL service|port [0-9]+ service|imap service|pop3 service|"
        r"Moved [0-9]+|SYSTEM BREAK-IN|Fatal |Mailbox vulnerable).*$",
    ),
)

FORMAT = Format(
    name="uwimap",
    title="UW IMAP",
    group="mail",
    programs=("imapd", "ipop3d", "ipop2d", "in.imapd", "in.ipop3d", "pimapd", "ipop3d-ssl"),
    rules=_RULES,
    lacks="It does not tell wrong passwords from unknown names, and which name a failed SASL sign-in used.",
)
