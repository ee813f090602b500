r"""vchkpw, the password checker of vpopmail, for qmail's servers (vchkpw.c).

With ``log_password`` the password stands left of the name, in quotes: it is matched to be thrown away. A name holds no
blanks, and the address closes the line.
"""

from serjeant.collect.format import Format, Rule

_TAG = r"^vchkpw-(?P<service>[a-z0-9_]+): "
_WHO = r"(?P<user_name>[^ ]*):(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)$"

_RULES = (
    Rule("login", _TAG + r"\((?P<auth_protocol>[^() ]+)\) login success " + _WHO, "success"),
    Rule("login_plain", _TAG + r"login success " + _WHO, "success"),
    Rule("failed", _TAG + r"password fail (?:\(pass: '.*'\) )?" + _WHO, "failure", "bad_password"),
    Rule("empty", _TAG + r"null password given " + _WHO, "failure", "bad_password"),
    Rule("unknown", _TAG + r"(?:vpopmail )?user not found " + _WHO, "failure", "unknown_account"),
    Rule("nameless", _TAG + r"(?:invalid user/domain characters|null user name given) " + _WHO, "failure", "other"),
    Rule("other", r"^(?:vpopmail|vdelivermail|vusaged|vchkpw: ).*$"),
)

FORMAT = Format(
    name="vpopmail",
    title="vpopmail (vchkpw)",
    group="mail",
    programs=("vpopmail", "vchkpw", "vpopmaild"),
    rules=_RULES,
    values={
        "service": {
            "smtps": "smtp",
            "submission": "smtp",
            "pop3s": "pop3",
            "pop3d": "pop3",
            "imaps": "imap",
            "imapd": "imap",
            "webmail": "web",
        }
    },
    lacks="It does not tell the client's port; the password that some set it to log is not read.",
)
