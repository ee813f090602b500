r"""Zimbra's mailbox.log and audit.log (ZimbraLog.java, AuditLog, SoapEngine.java).

Each line has the context in brackets before its message: ``oip`` is the client, ``ip`` the proxy or, without one, the
client. Name and address stand there before ``ua``, which the client chooses; of several addresses the last one was
added by a server. Both logs tell of one attempt, joined by ``soapId`` or ``cid``.
"""

from collections.abc import Iterator

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_KEYS = r"\[(?:(?:name|aname|mid|cid|id|via|account|port)=[^;\]]*;)*(?:ip=(?P<peer>[0-9A-Fa-f.:]*);)?"
_CLIENT = _KEYS + r"o?ip=(?P<forwarded>(?:[^;\]]*, )?(?P<src_ip>[0-9A-Fa-f.:]+));(?:o?port=(?P<src_port>[0-9]+);)?"
_SESSION = r"(?:(?:[^\]]*;)?(?:soapId|cid)=(?P<session_uid>[0-9A-Za-z+/-]+);)?[^\]]*\] "
_PROTO = r"oproto=(?P<service>[a-z0-9]+);" + _SESSION

_AUDIT = r"security - cmd=(?:Auth|AdminAuth); account=(?P<user_name>.*?); "
_SAYS = r"error=authentication failed for .*, "
_WEB = {"service": "web"}
_UNKNOWN = r"(?:account not found|no such account).*$"
_WRONG = r"(?:invalid password|.*LDAP error: .*invalid credentials).*$"
_LOCKED = r"(?:account lockout|account\(or domain\) status is|.*(?:locked|lockout)).*$"
_EXPIRED = r"(?:password expired|must change).*$"


def _verdicts(name: str, before: str, witness: str, service: dict[str, str]) -> Iterator[Rule]:
    for short, says, reason in (
        ("wrong", _WRONG, "bad_password"),
        ("unknown", _UNKNOWN, "unknown_account"),
        ("locked", _LOCKED, "locked"),
        ("expired", _EXPIRED, "expired"),
        ("failed", ".*$", "other"),
    ):
        yield Rule(name + "_" + short, before + says, "failure", reason, witness, service)


_PROTOCOL = r"protocol=(?P<service>[a-z0-9_]+);"
_ANY = r"(?:protocol=[a-z0-9_]+; ?)?"
_SOAP = r"SoapEngine - handler exception: authentication failed for \[(?P<user_name>.*?)\], "

_RULES = (
    # Another server asked in the name of its client: the protocol is that of the client.
    *_verdicts("audit_for", "^" + _CLIENT + _PROTO + _AUDIT + _ANY + _SAYS, "daemon", {}),
    *_verdicts("audit", "^" + _CLIENT + _SESSION + _AUDIT + _PROTOCOL + " " + _SAYS, "daemon", {}),
    *_verdicts("audit_admin", "^" + _CLIENT + _SESSION + _AUDIT + _SAYS, "daemon", _WEB),
    Rule("audit_for_login", "^" + _CLIENT + _PROTO + _AUDIT + r"protocol=[a-z0-9_]+;$", "success", None, "daemon"),
    Rule("audit_login", "^" + _CLIENT + _SESSION + _AUDIT + _PROTOCOL + "$", "success", None, "daemon"),
    Rule(
        "audit_admin_login",
        "^" + _CLIENT + _SESSION + r"security - cmd=AdminAuth; account=(?P<user_name>[^;]*);$",
        "success",
        None,
        "daemon",
        _WEB,
    ),
    *_verdicts("soap_for", "^" + _CLIENT + _PROTO + _SOAP, "auth", {}),
    *_verdicts("soap", "^" + _CLIENT + _SESSION + _SOAP, "auth", _WEB),
    Rule(
        "mail_unknown",
        "^"
        + _CLIENT
        + _SESSION
        + r"(?P<service>imap|pop|account) - (?:LOGIN failed: )?authentication failed for (?P<user_name>.*) "
        r"\((?:no such account|account not found)\)$",
        "failure",
        "unknown_account",
        "auth",
    ),
    Rule(
        "mail_failed",
        "^"
        + _CLIENT
        + _SESSION
        + r"(?P<service>imap|pop|account) - (?:LOGIN failed: )?authentication failed for (?P<user_name>.*) "
        r"\([a-z][a-z ]*\)$",
        "failure",
        "bad_password",
        "auth",
    ),
    Rule(
        "other",
        r"^\[[^\]]*\] (?:(?:imap|pop|soap|mailop|mailbox|lmtp|smtp|index|calendar|dav|zimlet|misc|extensions|cache|"
        r"filter|sync|session|datasource|mailboxd|nginxlookup|acl|io|store|gal|contact|im|tracker|purge|backup|"
        r"redolog|ldap|launcher|milter|dbconn|mbxmgr|autoprov|ews|activity|search|client|webclient|net) - |"
        r"SoapEngine - handler exception$|security - cmd=(?:DelegateAuth|PreAuth|"
        r"CreateAccount|ModifyAccount|DeleteAccount|"
        r"SetPassword|ChangePassword|[A-Z][A-Za-z]*(?:Account|Cos|Domain|Server|Zimlet|Grant|Right|List|Config|ACL)|"
        r"EndSession|MailboxMove|PurgeMessages)[; ]).*$",
    ),
)

FORMAT = Format(
    name="zimbra",
    title="Zimbra",
    group="mail",
    programs=("zimbra", "mailboxd", "zmmailboxd"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "zimbra-log",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3}) "
            r"(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) +\[(?:[^\[\]]|\[[0-9A-Fa-f:.]*\])*\] )"
            r"\[(?:[a-z]+=.*;)?\] [A-Za-z]+ - ",
            iso,
            program="zimbra",
        ),
    ),
    values={
        "service": {
            "soap": "web",
            "http_basic": "web",
            "http_dav": "web",
            "zsync": "web",
            "zimbra": "web",
            "pop": "pop3",
            "account": "mail",
        }
    },
    lacks="Lines of IMAP and POP without ``cid`` tell one failure in both logs, and nothing joins them; of a chain of "
    "forwarded addresses only the last is read.",
)
