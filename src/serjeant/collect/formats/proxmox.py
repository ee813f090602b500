r"""Proxmox VE, Mail Gateway and Backup Server.

Sources: PVE/API2/AccessControl.pm, PVE/API2/OpenId.pm, proxmox-rest-server. The address stands before the name. Tickets
that are renewed are told as sign-ins too, without an address. A second factor is asked for once the password was right.
What the Backup Server says of a wrong password is its realm's own text.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_PEER = (
    r"(?:authentication|auth) failure; rhost=\[?(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"
    r"(?:\]:(?P<src_port>[0-9]+)|)"
)
# A name may imitate the message: so of what is behind the last "msg=" nothing else has such a sign.
_FAILED = "^" + _PEER + " user=(?P<user_name>.*) msg="

_RULES = (
    Rule(
        "nobody",
        _FAILED + "(?:auth failed: )?(?:no such user|no such realm|user name|unknown user|invalid user)[^=]*$",
        "failure",
        "unknown_account",
        None,
        _WEB,
    ),
    Rule(
        "disabled",
        _FAILED + "(?:auth failed: )?(?:user|account)[^=]*(?:disabled|expired)[^=]*$",
        "failure",
        "disabled",
        None,
        _WEB,
    ),
    Rule(
        "code",
        _FAILED + "[^=]*(?:TFA|[Tt]wo.?[Ff]actor|OTP|otp|second factor|[Yy]ubico|[Ww]eb[Aa]uthn|recovery)[^=]*$",
        "challenged",
        "mfa",
        None,
        {**_WEB, "is_mfa": True},
    ),
    Rule("wrong", _FAILED + r"(?:[^m]|m[^s]|ms[^g]|msg[^=])*(?:m|ms|msg)?$", "failure", "bad_password", None, _WEB),
    Rule(
        "openid",
        "^(?P<user_name>)openid " + _PEER + " msg=.*$",
        "failure",
        "other",
        None,
        _WEB,
    ),
    Rule(
        "right", "^(?:<[^<>]*> )?successful (?:openid )?auth for user '(?P<user_name>.*)'$", "success", None, None, _WEB
    ),
    Rule(
        "other",
        r"^(?:<.*> (?:starting|end|update|move|create|delete|add|remove|vnc|snapshot|set|shutdown|start|stop|resize)|"
        r"starting |worker |end task|server |received |restarting |update |clone |VM |CT |got |closing |detected |"
        r"Use of |ipcc_|problem with|proxy detected|migration |worker exit|spawn|successfully |rotating|TASK|"
        r"unexpected |rpcinfo|connection timed|interrupted|file |command |unable to |writing ).*$",
    ),
)

FORMAT = Format(
    name="proxmox",
    title="Proxmox VE, Mail Gateway and Backup Server",
    group="hosts",
    programs=(
        "pvedaemon",
        "pveproxy",
        "pmgdaemon",
        "pmgproxy",
        "proxmox-backup-api",
        "proxmox-backup-proxy",
        "proxmox-datacenter-api",
        "proxmox-datacenter-privileged-api",
    ),
    rules=_RULES,
    envelopes=(
        Envelope(
            "proxmox-backup",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})): )"
            "(?:authentication failure; rhost=|successful auth for user ')",
            iso,
            program="proxmox-backup-api",
        ),
    ),
    lacks="It tells no address of a success.",
)
