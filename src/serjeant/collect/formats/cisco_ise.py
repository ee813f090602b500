r"""Cisco ISE: ``CISE_Failed_Attempts``, ``CISE_Passed_Authentications`` and the administrators' audit.

Source: Cisco ISE Syslogs and its failure reasons. A long message comes in several lines, and only the first says what
it is about. A comma inside a value is written ``\,``, so a name cannot become another field. ``Calling-Station-ID``
is the client's address for a VPN, its MAC address elsewhere.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = "^CISE_[A-Za-z_]+ [0-9]+ [0-9]+ 0 [0-9-]+ [0-9:.]+ [+-][0-9:]+ [0-9]+ "
_VALUE = r"(?:[^,\\]|\\.)*"
_SKIP = r"(?:[^,=]*=" + _VALUE + ", ?)*?"
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
_USER = _SKIP + "User-?Name=(?P<user_name>" + _VALUE + "), ?"
_FROM = "(?:" + _SKIP + "(?:Calling-Station-ID|IpAddress)=" + _IP + "(?:, ?|$))?"
_WHO = "[^,]*, ?" + _USER + _FROM
_ADMIN = (
    "[^,]*, ?" + _SKIP + "AdminIPAddress=" + _IP + ", ?(?:" + _SKIP + "AdminName=(?P<user_name>" + _VALUE + "))?.*$"
)
_CLI = "[^,]*, ?" + _SKIP + "OperationMessageText="
_SSH = "(?P<user_name>" + _VALUE + ") from " + _IP + " port (?P<src_port>[0-9]+)(?: ssh2)?(?:,.*)?$"
_RADIUS = {"service": "radius"}
_WEB = {"service": "web"}


def _why(name: str, outcome: str, reason: str, numbers: str) -> Rule:
    says = "54[0-9]{2} [A-Z]+ " + _WHO + _SKIP + "FailureReason=(?:" + numbers + ")[^0-9].*$"
    return Rule(name, _HEAD + says, outcome, reason, None, _RADIUS)


_RULES = (
    # The client gave up, or began anew: nothing was judged.
    Rule("abandoned", _HEAD + "(?:5411|5440|5449|5434|5413|5414) .*$"),
    # Dropped before anything was judged: the packet was damaged, or its sender unknown.
    Rule("dropped", _HEAD + "5405 [A-Z]+ " + _WHO + ".*$", "refused", "backend", None, _RADIUS),
    _why("unknown", "failure", "unknown_account", "22056|24412|24352|24216|24201|11821"),
    _why("locked", "failure", "locked", "24415|24019|24423"),
    _why("disabled", "failure", "disabled", "24409|22061|24405"),
    _why("expired", "challenged", "expired", "24406|24407|24410|24203|24204|24206"),
    _why("policy", "challenged", "policy", "15039|15024|24423"),
    _why("backend", "refused", "backend", "24401|24428|24429|24444|22059|11213|11007"),
    Rule("wrong", _HEAD + "54[0-9]{2} [A-Z]+ " + _WHO + ".*$", "failure", "bad_password", None, _RADIUS),
    Rule("passed", _HEAD + "52[0-9]{2} [A-Z]+ " + _WHO + ".*$", "success", None, None, _RADIUS),
    Rule(
        "admin_wrong",
        _HEAD + "510(?:00|20|21|22) [A-Z]+ " + _ADMIN,
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule("admin", _HEAD + "51001 [A-Z]+ " + _ADMIN, "success", None, None, _WEB),
    # The portals of guests and of people's own devices, and the command line, of which sshd's own words are quoted.
    Rule("portal_wrong", _HEAD + "60077 [A-Z]+ " + _WHO + ".*$", "failure", "bad_password", None, _WEB),
    Rule("portal", _HEAD + "60078 [A-Z]+ " + _WHO + ".*$", "success", None, None, _WEB),
    Rule("cli_wrong", _HEAD + "60081 [A-Z]+ " + _CLI + "Failed [a-z/-]+ for (?:invalid user )?" + _SSH,
        "failure", "bad_password", None, {"service": "ssh"}),
    Rule("cli", _HEAD + "60080 [A-Z]+ " + _CLI + "Accepted [a-z/-]+ for " + _SSH,
        "success", None, None, {"service": "ssh"}),
    Rule("audit", _HEAD + "(?:51002|5[2-9][0-9]{3}|6[0-9]{4}) .*$"),
    Rule("segment", "^CISE_[A-Za-z_]+ [0-9]+ [0-9]+ [1-9][0-9]* .*$"),
    Rule("other", "^CISE_(?:RADIUS_Accounting|TACACS_Accounting|System_Statistics|Profiler|Alarm|RADIUS_Diagnostics|"
        "Administrative_Diagnostics|Internal_Operations_Diagnostics|Guest|MyDevices|External_MDM) .*$"),
)  # fmt: skip

FORMAT = Format(
    name="cisco_ise",
    title="Cisco Identity Services Engine",
    group="network",
    programs=("cisco_ise",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "cisco-ise",
            "^(?P<header>(?:<[0-9]{1,3}>)?[A-Z][a-z]{2} {1,2}[0-9]{1,2} [0-9]{2}:[0-9]{2}:[0-9]{2} (?P<host>[^ ]+) )"
            r"CISE_[A-Za-z_]+ [0-9]+ [0-9]+ [0-9]+ "
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+ "
            "[+-][0-9]{2}:[0-9]{2}) ",
            iso,
            program="cisco_ise",
        ),
    ),
    lacks="The address is that of the client only where the network device tells it; where the reason stands in "
    "a later "
    "line of a long message, it is taken for a wrong password.",
)
