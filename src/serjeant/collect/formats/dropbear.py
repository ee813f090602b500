r"""Dropbear, the small SSH server of routers and initramfs (source: svr-authpasswd.c, svr-authpam.c, svr-auth.c).

It does not write the names of people whom it does not know. A connection that ends before anybody was let in names the
person only after a first request; its failed requests have been told by then, so that line is a probe. Who named nobody
was a scan; settling leaves it out.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd, iso

_SSH = {"service": "ssh"}
_PASSWORD = {"service": "ssh", "auth_protocol": "password"}
_ADDRESS = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?:(?P<src_port>[0-9]{1,5})"
_FROM = " from " + _ADDRESS + "$"
_USER = "'(?P<user_name>.*)'"

_RULES = (
    Rule(
        "wrong",
        "^[Bb]ad (?:PAM )?password attempt for " + _USER + _FROM,
        "failure",
        "bad_password",
        "daemon",
        _PASSWORD,
    ),
    Rule("too_long", "^Too-long password attempt for " + _USER + _FROM, "failure", "bad_password", "daemon", _PASSWORD),
    Rule(
        "nobody",
        "^[Ll]ogin attempt for nonexistent user(?: '(?P<user_name>.*)')?" + _FROM,
        "failure",
        "unknown_account",
        "daemon",
        _SSH,
    ),
    Rule("right", "^(?:PAM p|P)assword auth succeeded for " + _USER + _FROM, "success", None, "daemon", _PASSWORD),
    Rule("blank", "^Auth succeeded with blank password for " + _USER + _FROM, "success", None, "daemon", _PASSWORD),
    Rule(
        "key",
        "^Pubkey auth succeeded for " + _USER + " with (?:[a-z0-9@.-]+ )?key [0-9A-Za-z:+/= -]+" + _FROM,
        "success",
        None,
        "daemon",
        {"service": "ssh", "auth_protocol": "publickey"},
    ),
    Rule("key_wrong", "^Pubkey auth (?:bad signature|attempt with unknown algo) for .*$"),
    Rule(
        "exit_named",
        r"^Exit before auth(?: from <" + _ADDRESS + r">)?:? \(user '(?P<user_name>[^']*)', [0-9]+ fails\): .*$",
        "failure",
        "other",
        "probe",
        _SSH,
    ),
    Rule("exit_tries", "^Exit before auth(?: from <[^<>]*>)?: Max auth tries reached.*$"),
    # Settling leaves these out.
    Rule("exit_nobody", "^Exit before auth from <" + _ADDRESS + ">: [^(M].*$", "failure", "other", "probe", _SSH),
    Rule("exit_nobody_old", r"^Exit before auth: [^(M].*$"),
    Rule(
        "refused", r"^(?:User '.*' has invalid shell, rejected|User '.*' is not in the group.*|root login rejected.*)$"
    ),
    Rule("pam_trouble", r"^pam_(?:authenticate|acct_mgmt|start)\(\) failed, rc=.*$"),
    Rule(
        "other",
        "^(?:Child connection from |Exit \\(|Early exit|Running in background|Not backgrounding|Couldn't |Failed |"
        "Warning: |premature exit|Forked |Generating |Generated |Timeout before auth|No matching algo|Unexpected |"
        "Unknown |client trying |Client trying |Leaving |wtmp_write|syslogin|Terminated|TCP ).*$",
    ),
)

FORMAT = Format(
    name="dropbear",
    title="Dropbear SSH",
    group="hosts",
    programs=("dropbear", "dropbearmulti"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "dropbear-rfc5424",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})) (?P<host>[^ ]+) "
            r"dropbear (?P<pid>[0-9]+) - - )",
            iso,
            program="dropbear",
        ),
        Envelope(
            "dropbear-stderr",
            r"^(?P<header>\[(?P<pid>[0-9]+)\] (?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) )"
            "(?:Bad |Too-long |Login attempt|P[Aa][Ms]|Pubkey|Auth succeeded|Exit |Child connection)",
            bsd,
            program="dropbear",
        ),
    ),
    lacks="It does not tell the names of people whom it does not know.",
)
