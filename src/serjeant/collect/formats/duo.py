"""Duo: the authentication log of its Admin API (v1 and v2), and the logs of the Authentication Proxy.

Source: Duo's Admin API ("Authentication Logs": results and reasons), the proxy's ``authevents.log`` and
``authproxy.log``. The cloud's log does not say who judged the password, nor whether there was one (passwordless); that
the second factor failed is therefore no proof of a right password there. The proxy sees both stages, so there it is. In
the text log the address is that of the device that asked, so it is not read.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_SECOND: dict[str, str | bool] = {"service": "web", "is_mfa": True}
_NO = "^(?:denied|DENIED|fraud|FRAUD|failure|FAILURE)$"


def _denied(name: str, reason: str, why: str) -> Case:
    return Case(name, {"result": _NO, "why": f"^(?:{why})$"}, "failure", reason, None, _WEB)


_CLOUD = (
    Case("enrollment", {"kind": "^(?:[Ee]nrollment|admin.*)$"}),
    Case("fraud", {"result": "^(?:fraud|FRAUD)$"}, "failure", "mfa", None, _SECOND),
    _denied("unknown", "unknown_account", "deny_unenrolled_user|Deny unenrolled user"),
    _denied("locked", "locked", "locked_out|Locked out"),
    _denied("disabled", "disabled", "user_disabled|User disabled|.*[Dd]isabled"),
    _denied("invalid_passcode", "mfa", "invalid_passcode|Invalid passcode|bypass_code_expired|.*passcode.*"),
    _denied(
        "not_confirmed",
        "mfa",
        "user_marked_fraud|user_mistake|user_cancelled|no_response|no_keys_pressed|call_timed_out|anomalous_push"
        "|User .*|No response|No keys pressed|Call timed out|Anomalous push|verification_code_.*|error|Error|",
    ),
    _denied(
        "policy",
        "policy",
        ".*_restricted|.*_not_trusted|.*_was_trusted|endpoint_.*|.*certificate.*|.*referr?er.*|invalid_device"
        "|rooted_device|no_screen_lock|touch_id_disabled|no_disk_encryption|anonymous_ip|out_of_date|denied_.*|.*restricted"
        "|no_activated_duo_mobile_account|no_web_referer_match|Invalid device|Denied .*|Anonymous IP",
    ),
    Case("denied", {"result": _NO}, "failure", "other", None, _WEB),
    Case("bypassed", {"result": "^(?:success|SUCCESS)$", "why": "^(?:bypass_user|allow.*|remember.*|trusted.*)$"},
         "success", None, None, _WEB),
    Case("sign_in", {"result": "^(?:success|SUCCESS)$"}, "success", None, None, _SECOND),
    Case("error", {"result": "^(?:error|ERROR)$"}, "refused", "backend", None, _WEB),
)  # fmt: skip

_VPN: dict[str, str | bool] = {"service": "vpn"}
_BOTH: dict[str, str | bool] = {"service": "vpn", "is_mfa": True}


def _proxy(name: str, stage: str, status: str, outcome: str = "", reason: str | None = None, why: str = "^.*$") -> Case:
    where = {"stage": f"^{stage} .*$", "status": f"^{status}$", "why": why}
    return Case(name, where, outcome, reason, None, (_BOTH if stage == "Secondary" else _VPN) if outcome else {})


_PROXY = (
    _proxy("first_passed", "Primary", "Allow"),
    _proxy("first_wrong", "Primary", "Reject", "failure", "bad_password"),
    _proxy("first_error", "Primary", "Error", "refused", "backend"),
    _proxy("both_passed", "Secondary", "Allow", "success"),
    _proxy("second_locked", "Secondary", "Reject", "challenged", "locked", "^.*locked out.*$"),
    _proxy("second_denied", "Secondary", "Reject", "challenged", "mfa"),
    _proxy("second_error", "Secondary", "Error", "challenged", "backend"),
)

_WHO = r"^\(\('[^']*', [0-9]+\), (?P<user_name>.*), [0-9]+\): "
_SAID = r"""(?:'[^']*'|"[^"]*")$"""

FORMAT = Format(
    name="duo",
    title="Duo",
    group="identity",
    programs=("duoauthproxy", "duo_authproxy", "authproxy"),
    rules=(
        Rule("proxy_denied", _WHO + r"Duo authentication returned 'deny': " + _SAID, "challenged", "mfa", None, _VPN),
        Rule("proxy_passed", _WHO + r"Duo authentication returned 'allow': " + _SAID, "success", None, None, _VPN),
        Rule("proxy_wrong", _WHO + r"Primary credentials rejected - [^()']*$", "failure", "bad_password", None, _VPN),
        Rule(
            "proxy_other",
            r"^(?:\(\('[^']*', [0-9]+\), .*, [0-9]+\): (?:login attempt for username .*|[^']*)|Sending request from .*"
            r"|Packet dropped .*|[Hh]ttp .*|HTTP connection .*|(?:Starting|Stopping|Started|Stopped) .*)$",
        ),
    ),
    envelopes=(
        Envelope(
            "duo-authproxy",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?[+-][0-9]{4})"
            r" \[[^\]]*\] )\(\('[^']*', [0-9]+\), ",
            iso,
            program="duoauthproxy",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "timestamp",
                "user_name": ("username", "dn"),
                "src_ip": "client_ip",
                "dst_host": "hostname",
                "stage": "auth_stage",
                "status": "status",
                "why": "msg",
            },
            cases=_PROXY,
            marks=('"auth_stage"', '"server_section"', '"status"'),
        ),
        Record(
            fields={
                "time": ("isotimestamp", "timestamp", "p_event_time"),
                "user_name": ("user.name", "username", "email"),
                "src_ip": ("access_device.ip", "ip"),
                "client": "access_device.browser",
                "session_uid": "txid",
                "auth_protocol": "factor",
                "kind": ("event_type", "eventtype"),
                "result": "result",
                "why": "reason",
            },
            cases=_CLOUD,
            marks=('"factor"', '"result"', '"reason"'),
        ),
    ),
    lacks="The log of Duo's cloud tells nothing of the password; only the proxy's does.",
)
