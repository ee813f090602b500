"""strongSwan's charon (also in pfSense, OPNsense and UniFi gateways), by syslog or in its own file.

Sources: eap_authenticator.c, xauth.c, psk_authenticator.c, eap_mschapv2.c, ike_sa.c of strongSwan 5 and 6.

With ``ike_name = yes`` each line bears the connection (``<rw|62>``); its number joins the lines that know the name, the
address and the verdict. Lines that only know a part are probes. Without it nothing joins them: the verdict that
names somebody counts, the others are ignored. The identity that a peer claims may be an address, which is its own
choice, so it is never taken for the client's.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_THREAD = r"^(?:[0-9]{2}\[[A-Z]{3}[0-9]?\] )?"
_WITH = _THREAD + r"<(?:[^<>]*\|)?(?P<session_uid>[0-9A-Za-z+/]+)> "
_ANY = _THREAD + r"(?:<[^<>]*> )?"
_USER = "(?P<user_name>.*)"
_ADDRESS = r"(?P<src_ip>[0-9A-Fa-f.:]+)"
# Both identities are the client's choice: with a bracket in one of them no address is certain.
_ENDS = r"[0-9A-Fa-f.:]+\[[^\[\]]*\]\.\.\." + _ADDRESS + r"\[(?P<user_name>[^\[\]]*)\]$"
_ESTABLISHED = r"IKE_SA [^ \[\]]*\[[0-9]+\] (?:state change|established) between " + _ENDS
_EAP = "EAP method (?P<auth_protocol>EAP_[A-Z0-9_]+) failed for peer '?(?P<user_name>[^']*)'?$"
_XAUTH_FAILED = "XAuth authentication of '" + _USER + "' failed$"
_XAUTH = "XAuth authentication of '" + _USER + "' successful$"
_MISMATCHED = "tried [0-9]+ shared keys? for '.*' - '" + _USER + "', but MAC mismatched$"
_NO_KEY = "no shared key found for '.*' - '" + _USER + r"'(?:\[[0-9A-Fa-f.:]+\])?$"


def _vpn(name: str, outcome: str, reason: str | None, witness: str | None, says: str, protocol: str = "") -> Rule:
    told = {"service": "vpn", "auth_protocol": protocol} if protocol else {"service": "vpn"}
    return Rule(name, (_THREAD if witness is None else _WITH) + says, outcome, reason, witness, told)


_JOINED = (
    _vpn("eap_failed", "failure", "bad_password", "daemon", _EAP),
    _vpn(
        "mschap_failed",
        "failure",
        "bad_password",
        "auth",
        r"EAP-MS-CHAPv2 verification failed(?:, retry \([0-9]+\))?$",
        "eap-mschapv2",
    ),
    _vpn("radius_failed", "failure", "bad_password", "auth", "RADIUS authentication of '" + _USER + "' failed$"),
    _vpn("xauth_failed", "failure", "bad_password", "daemon", _XAUTH_FAILED, "xauth"),
    _vpn("xauth", "success", None, "daemon", _XAUTH, "xauth"),
    _vpn("key_wrong", "failure", "bad_password", "daemon", _MISMATCHED, "psk"),
    _vpn("key_missing", "failure", "unknown_account", "daemon", _NO_KEY, "psk"),
    _vpn("eap", "success", None, "daemon", "authentication of '" + _USER + "' with EAP successful$", "eap"),
    _vpn("established", "success", None, "probe", _ESTABLISHED),
    _vpn("peer", "refused", "other", "probe", "looking for peer configs matching " + _ENDS),
    _vpn("mschap_name", "refused", "other", "probe", "EAP-MS-CHAPv2 username: '" + _USER + "'$"),
    _vpn("eap_name", "refused", "other", "probe", "received EAP identity '" + _USER + "'$"),
)

_ALONE = (
    _vpn("eap_failed_plain", "failure", "bad_password", None, _EAP),
    _vpn("xauth_failed_plain", "failure", "bad_password", None, _XAUTH_FAILED, "xauth"),
    _vpn("key_wrong_plain", "failure", "bad_password", None, _MISMATCHED, "psk"),
    _vpn("key_missing_plain", "failure", "unknown_account", None, _NO_KEY, "psk"),
    _vpn("established_plain", "success", None, None, _ESTABLISHED),
)

_KNOWN = (
    Rule("success_beside", _ANY + "(?:XAuth )?authentication of '.*$"),
    Rule("eap_beside", _ANY + "(?:EAP|XAuth|no EAP key|received EAP|initiating EAP|RADIUS|PAM|in openpam_).*$"),
    # What we are told when we ourselves dial somewhere.
    Rule("ours", _ANY + "received (?:AUTHENTICATION_FAILED|NO_PROPOSAL_CHOSEN|[A-Z_]+ (?:notify|error)).*$"),
    Rule(
        "exchange",
        _ANY
        + "(?:received |sending |parsed |generating |splitting |retransmit|giving up|selected |remote host|local host|"
        "looking for|DH group|deleting |closing |ignoring |creating |queueing |activating |establishing |destroying |"
        "scheduling |maximum |assigning |reassigning |peer |IKE_SA |CHILD_SA |using |reached |certificate |no issuer|"
        "no matching|no trusted|constraint |checking |fetching |crl |ocsp|unable to |tried to |detected |faking |"
        "inbound |outbound |proposing |configured |rekey|reauth|switching |lease |acquired |virtual IP).*$",
    ),
    Rule("initiating", _ANY + "[0-9A-Fa-f.:]+ is initiating an? .*$"),
    Rule("server", _ANY + "(?:loaded|loading|Starting|spawning|added|removed|plugin|listening|dnsresolver|openssl).*$"),
)

FORMAT = Format(
    name="strongswan",
    title="strongSwan charon",
    group="network",
    programs=("charon", "charon-systemd", "charon-custom", "ipsec", "strongswan", "swanctl"),
    rules=_JOINED + _ALONE + _KNOWN,
    envelopes=(
        Envelope(
            "strongswan-file",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) )"
            r"[0-9]{2}\[[A-Z]{3}[0-9]?\] ",
            bsd,
            program="charon",
        ),
        Envelope(
            "strongswan-file-iso",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
            r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?) )[0-9]{2}\[[A-Z]{3}[0-9]?\] ",
            iso,
            program="charon",
        ),
    ),
    values={
        "auth_protocol": {
            f"EAP_{each}": f"eap-{each.lower()}" for each in ("MSCHAPV2", "MD5", "GTC", "RADIUS", "TLS", "TTLS", "PEAP")
        }
    },
    lacks="A wrong password is told without the client's address unless ike_name is on, and with an EAP identity only "
    "where the client sent one. Two gateways that give connections the same number within ten minutes are confused.",
)
