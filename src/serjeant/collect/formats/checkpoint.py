"""Check Point gateways and management: Log Exporter's syslog format (``[action:"Failed Log In"; …; user:"alice"]``).

Source: sk122323 (Log Exporter), the fields of Mobile Access, Endpoint VPN, Identity Awareness and SmartConsole.

Fields stand between quotes in the order of the alphabet, and a quote inside of one is escaped. Administrators' sign-ins
are audit records (``operation:"Log In"``); a packet that a rule rejected may name its user and is no sign-in.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_PAIR = r'(?:[A-Za-z0-9_]+::?"(?:[^"\\]|\\.)*"; ?)*?'
_VALUE = r'(?:[^"\\]|\\.)*'
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_ACTION = r"^\[" + _PAIR + 'action:"'
_FROM = '"; ?' + _PAIR + "(?:(?:client_ip|src|src_ip)" + ':"' + _IP + '"; ?' + _PAIR + ")?"
_WHO = '(?:administrator|src_user_name|user|user_name):"(?P<user_name>' + _VALUE + ')".*$'
_LAST = '[A-Za-z0-9_]+::?"' + _VALUE + r'";? ?\]'
_ADMINISTRATOR = r"^\[" + _PAIR + 'administrator:"(?P<user_name>.*)"; ?' + _PAIR
_LOG_IN = 'client_ip:"' + _IP + '"; ?' + _PAIR + 'operation:"Log In"(?:; ?' + _PAIR + _LAST + r"|\])$"
_VPN = {"service": "vpn"}
_CONSOLE = {"service": "console"}

_RULES = (
    Rule("admin_locked", r"^\[" + _PAIR + 'additional_info:"' + _VALUE + "[Ll]ocked" + _VALUE + '"; ?'
        + _ADMINISTRATOR.removeprefix(r"^\[") + 'audit_status:"Failure"; ?' + _PAIR + _LOG_IN,
        "failure", "locked", None, _CONSOLE),
    Rule("admin_wrong", _ADMINISTRATOR + 'audit_status:"Failure"; ?' + _PAIR + _LOG_IN,
        "failure", "bad_password", None, _CONSOLE),
    Rule("admin", _ADMINISTRATOR + _LOG_IN, "success", None, None, _CONSOLE),
    Rule("packet", _ACTION + 'Reject"; ?' + _PAIR + '(?:rule|rule_action|rule_name|rule_uid):.*$'),
    Rule("wrong", _ACTION + "(?:Failed Log In|Failed Login|Reject|Authentication Failed)" + _FROM + _WHO,
        "failure", "bad_password", None, _VPN),
    Rule("success", _ACTION + "(?:Log In|Login|Logged In)" + _FROM + _WHO, "success", None, None, _VPN),
    Rule("other", _ACTION + "(?:Accept|Drop|Log Out|Update|Prevent|Detect|Bypass|Encrypt|Decrypt|Key Install|"
"Block|Allow|Ctl|Authcrypt|"
        'Modify Object|Modify Rule|Publish|Install Policy|Open Session)".*$'),
)  # fmt: skip

FORMAT = Format(
    name="checkpoint",
    title="Check Point",
    group="network",
    programs=("CheckPoint",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "checkpoint",
            r"^(?P<header><[0-9]{1,3}>1 "
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9:]+)?) "
            r"(?P<host>[^ ]+) CheckPoint [^ ]+ [^ ]+ )\[",
            iso,
            program="CheckPoint",
        ),
    ),
    lacks="All services of users are told as VPN; why a password was refused is free text and not read.",
)
