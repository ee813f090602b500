r"""xrdp's session manager: xrdp-sesman and, from 0.10 on, xrdp-sesexec (source: sesman/scp_process.c, sesexec, auth.c).

``AUTHFAIL`` is made to be read by others; the name stands before the address. PAM's lines come under the same process
number (format ``pam``). Who is let in is told twice; the first line names nobody's address and is a probe.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, iso

_RDP = {"service": "rdp"}
_HEAD = r"^(?:\([0-9]+\)\([0-9]+\))?(?:\[[A-Z]+ *\] )?(?:\[[a-z_]+\([a-z_.:0-9]+\)\] )?"
_ADDRESS = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"
_PORT = ":(?P<src_port>[0-9]+)(?: - socket:? ?[0-9]+)?$"


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``20260605-09:12:33``."""
    return dated(stamps, "%Y%m%d-%H:%M:%S", clock)


_RULES = (
    Rule(
        "wrong",
        _HEAD + "AUTHFAIL: user=(?P<user_name>.*) ip=(?:" + _ADDRESS + "|unknown) time=[0-9]+$",
        "failure",
        "bad_password",
        "daemon",
        _RDP,
    ),
    Rule(
        "right",
        _HEAD
        + r"(?:\+\+ )?[Cc]reated session \(access granted\): username (?P<user_name>[^ ,]*), ip "
        + _ADDRESS
        + _PORT,
        "success",
        None,
        "daemon",
        _RDP,
    ),
    Rule(
        "right_again",
        _HEAD
        + r"(?:\+\+ )?[Rr]econnected session: username (?P<user_name>[^ ,]*), display [^ ,]*, session_pid [0-9]+, ip "
        + _ADDRESS
        + _PORT,
        "success",
        None,
        "daemon",
        _RDP,
    ),
    Rule("permitted", _HEAD + "Access permitted for user: (?P<user_name>.*)$", "success", None, "probe", _RDP),
    Rule(
        "denied",
        _HEAD + r"(?:User|user) (?P<user_name>.*) is not in (?:TerminalServerUsers|the TerminalServerUsers group).*$",
        "challenged",
        "policy",
        "daemon",
        _RDP,
    ),
    Rule(
        "other",
        _HEAD
        + "(?:A connection received|Username or password error|pam_authenticate failed|Received |Socket |starting |"
        "Starting |"
        "calling |Calling |Found |Session |session |shutting |Terminating |Closed socket|Process |Using |TLS |Security "
        "protocol|Connected client|listening |connection |connected |xrdp_|Sesman |sesman |config |loading |Cannot |"
        r"waiting |\[(?:core|DEBUG|INFO|WARN|ERROR)|\+\+ terminated|Window manager|X server|ssl|SSL|libscp|login |"
        "lib_|g_|Debug|return value|Added |default |Switching |exit |auth_end).*$",
    ),
)

FORMAT = Format(
    name="xrdp",
    title="xrdp",
    group="hosts",
    programs=("xrdp-sesman", "xrdp-sesexec", "xrdp"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "xrdp",
            r"^(?P<header>\[(?P<stamp>[0-9]{8}-[0-9]{2}:[0-9]{2}:[0-9]{2})\] )\[(?:INFO |WARN |ERROR|DEBUG|CORE |"
            r"TRACE)\] ",
            _when,
            program="xrdp-sesman",
        ),
        Envelope(
            "xrdp-iso",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{3}[+-][0-9]{4})\] )"
            r"\[(?:INFO |WARN |ERROR|DEBUG|CORE |TRACE)\] ",
            iso,
            program="xrdp-sesman",
        ),
    ),
    lacks="It does not tell whether an account exists.",
)
