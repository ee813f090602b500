"""Asterisk: the security log (``SecurityEvent=…``), and the notices of SIP, PJSIP, IAX2 and the manager interface.

Sources: main/security_events.c, channels/chan_sip.c, res/res_pjsip/pjsip_distributor.c, main/manager.c.

PJSIP tells of an unknown account and then, in the same session, of a response that failed: both are one attempt. With
the security level written to the same file as the notices, an attempt is told by both kinds. A SIP client says who it
is before the address, and a Call-ID behind it; with a space or a parenthesis in that, the line is read without address.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*?)"
_LEVEL = r"^(?:[A-Z]+ ?\[[0-9]+\](?:\[[^\]]*\])?:? )?(?:[A-Za-z0-9_./-]+(?::[0-9]+)? ?(?:in )?(?:[A-Za-z0-9_]+)?: )?"
_EVENT = r'",EventTV="[^"]*",Severity="[^"]*",Service="(?P<service>[A-Za-z0-9]+)",EventVersion="[0-9]+",AccountID="'
_WHO = (
    r'(?:<unknown>|(?P<user_name>.*))",SessionID="(?P<session_uid>[^"]*)(?:"[^=]*)?",LocalAddress="[^"]*",'
    r'RemoteAddress="IPV[46]/[A-Z]+/'
)
_REST = _IP + (
    r'/(?P<src_port>[0-9]+)"(?:,(?:Challenge|Received[A-Za-z]+|Response|ExpectedResponse|'
    r'UsingPassword|ACLName|AuthMethod|Expected[A-Za-z]+|[A-Z][a-z]+Type)="[^"]*")*$'
)
_SAID = (
    r"'(?:.*<)?(?:sips?:)?(?P<user_name>[^@<>]*?)(?:@[^<>]*)?>?' failed for '\[?"
    + _IP
    + (
        r"\]?(?::"
        r"(?P<src_port>[0-9]+))?'"
    )
)
_CALL = r"(?: \(callid: [^ ()]*\))? - "
_REQUEST = "Request (?:'?[A-Z]+'? )?from "
_SIP = {"service": "sip"}
_API = {"service": "api"}


def _event(name: str, outcome: str, reason: str | None, events: str, witness: str | None = None) -> Rule:
    return Rule(name, _LEVEL + 'SecurityEvent="(?:' + events + ")" + _EVENT + _WHO + _REST, outcome, reason, witness)


def _notice(name: str, outcome: str, reason: str, says: str) -> Rule:
    return Rule(name, _LEVEL + says, outcome, reason, None, _SIP)


_RULES = (
    _event("unknown", "failure", "unknown_account", "InvalidAccountID", "auth"),
    _event("wrong", "failure", "bad_password", "InvalidPassword|ChallengeResponseFailed", "daemon"),
    _event("success", "success", None, "SuccessfulAuth"),
    _event("refused", "refused", "policy", "FailedACL|AuthMethodNotAllowed|RequestNotAllowed|UnexpectedAddress|"
"SessionLimit"),
    Rule("event", _LEVEL + 'SecurityEvent="(?:ChallengeSent|InvalidTransport|MemoryLimit|LoadAverageLimit|'
        'RequestNotSupported|RequestBadFormat)".*$'),
    _notice("registration_wrong", "failure", "bad_password", "Registration from " + _SAID + _CALL + "(?:Wrong "
"password|Bad auth)$"),
    _notice(
        "registration_unknown",
        "failure",
        "unknown_account",
        "Registration from " + _SAID + _CALL + "(?:No matching peer found|Username/auth name mismatch)$",
    ),
    _notice("registration_refused", "refused", "policy", "Registration from " + _SAID + _CALL + "[A-Za-z() /]+$"),
    _notice("request_unknown", "failure", "unknown_account",
        _REQUEST + _SAID + _CALL + r"No matching endpoint found(?: after [0-9]+ tries in [0-9.]+ ms)?$"),
    _notice(
        "request_wrong",
        "failure",
        "bad_password",
        _REQUEST + _SAID + _CALL + "(?:Failed|Error) to authenticate$",
    ),
    _notice(
        "request_nowhere",
        "failure",
        "bad_password",
        _REQUEST + r"'(?:[^'<]*<)?(?:sips?:)?(?P<user_name>[^@<>']*).* - "
        "(?:No matching endpoint found|Failed to authenticate|Error to authenticate).*$",
    ),
    _notice("request_refused", "refused", "policy", _REQUEST + _SAID + _CALL + "Not match "
"Endpoint (?:Contact )?ACL$"),
    Rule(
        "manager_wrong",
        _LEVEL + "(?:Host )?" + _IP + " failed to (?:authenticate as|pass IP ACL as) '(?P<user_name>.*)'$",
        "failure",
        "bad_password",
        None,
        _API,
    ),
    Rule(
        "manager_unknown",
        _LEVEL + _IP + " tried to authenticate with nonexistent user '(?P<user_name>.*)'$",
        "failure",
        "unknown_account",
        None,
        _API,
    ),
    _notice("iax_wrong", "failure", "bad_password", "Host " + _IP + r" failed (?:MD5|to) authenticat[a-z]+ "
r"(?:for|as) '(?P<user_name>.*)'(?: \([^']*\))?$"),
    _notice("iax_unknown", "failure", "unknown_account", r"No registration for peer '(?P<user_name>.*)' "
r"\(from " + _IP + r"\)$"),
    # An INVITE without or with a wrong response; the address is told by the security log only.
    _notice(
        "call_wrong",
        "failure",
        "bad_password",
        r"Failed to authenticate (?:user|device) .*<sips?:(?P<user_name>[^@<>]*)@[^<>]*>;?.*$",
    ),
    Rule("calls", _LEVEL + "(?:Call from|Sending fake auth|Peer |Unable to|Got SIP|Registered SIP|"
"Unregistered|Endpoint |"
        "Contact |Added contact|Removed contact|== |-- |Executing |Spawn extension|Manager ').*$"),
)  # fmt: skip

_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
_KIND = r"(?:SECURITY|NOTICE|WARNING|ERROR|VERBOSE|DEBUG|DTMF) ?\[[0-9]+\]"

FORMAT = Format(
    name="asterisk",
    title="Asterisk",
    group="chat",
    programs=("asterisk",),
    rules=_RULES,
    envelopes=(
        Envelope("asterisk", r"^(?P<header>\[(?P<stamp>" + _STAMP + r")\] )" + _KIND, iso, program="asterisk"),
        Envelope(
            "asterisk-bsd",
            r"^(?P<header>\[(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2})\] )" + _KIND,
            bsd,
            program="asterisk",
        ),
    ),
    values={"service": {"PJSIP": "sip", "SIP": "sip", "AMI": "api", "IAX2": "iax"}},
    lacks="A phone signs in again with each request, so its successes are many; a wrong response to a call is told "
    "without the address in the notices.",
)
