r"""Perdition, a proxy for IMAP, POP3 and ManageSieve (perdition/perdition.c, ``perdition_log_auth``).

The address opens the line. With ``log_passwd`` the password stands behind the name: the name ends at its first quote.
"""

from serjeant.collect.format import Format, Rule

_FROM = (
    r"^Auth: (?:session=[^ ]+ )?(?:client=)?"
    r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]+)(?::(?P<src_port>[0-9]+))?(?:->| server=)[0-9A-Fa-f.:]+ "
)
_WHO = (
    _FROM + r"client-secure=[a-z]+ authorisation_id=(?:NONE|\"[^\"]*\") authentication_id=\"(?P<user_name>[^\"]*)\" .*"
    r"server=\"[^\"]*\" protocol=(?P<service>[A-Z0-9]+) server-secure=[a-z]+ status=\""
)
_OLD = _FROM + r"user=\"(?P<user_name>[^\"]*)\" .*status=\""
_MAIL = {"service": "mail"}
_BACKEND = r"failed: (?:[^\"]*(?:[Cc]onnect|[Uu]navailable|[Nn]egotiat|[Ss]erver)[^\"]*)\"$"

FORMAT = Format(
    name="perdition",
    title="Perdition",
    group="mail",
    programs=("perdition", "perdition.*"),
    rules=(
        Rule("login", _WHO + r"ok\"$", "success"),
        Rule("backend", _WHO + _BACKEND, "refused", "backend"),
        Rule("failed", _WHO + r"failed[^\"]*\"$", "failure", "bad_password"),
        Rule("login_1", _OLD + r"ok\"$", "success", constants=_MAIL),
        Rule("backend_1", _OLD + _BACKEND, "refused", "backend", constants=_MAIL),
        Rule("failed_1", _OLD + r"failed[^\"]*\"$", "failure", "bad_password", constants=_MAIL),
        Rule(
            "other", r"^(?:Connect: |Close: |Closing |Fatal |SSL |__|[Ee]rror|Exiting|Resetting|username|vanessa_).*$"
        ),
    ),
    values={
        "service": {
            "IMAP4": "imap",
            "IMAP4S": "imap",
            "POP3": "pop3",
            "POP3S": "pop3",
            "MANAGESIEVE": "sieve",
        }
    },
    lacks="Why a sign-in failed it tells only as far as the server behind it does; a name with a quote is not read.",
)
