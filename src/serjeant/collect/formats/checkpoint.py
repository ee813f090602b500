"""Check Point gateways and management: Log Exporter's syslog format (``[action:"Failed Log In"; …; user:"alice"]``).

Source: sk122323 (Log Exporter), the fields of Mobile Access, Endpoint VPN, Identity Awareness and SmartConsole.

Fields stand between quotes in the order of the alphabet, and a quote inside of one is escaped.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_PAIR = r'(?:[A-Za-z0-9_]+:"(?:[^"\\]|\\.)*"; ?)*?'
_VALUE = r'(?:[^"\\]|\\.)*'
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_ACTION = r"^\[" + _PAIR + 'action:"'
_FROM = '"; ?' + _PAIR + "(?:(?:client_ip|src|src_ip)" + ':"' + _IP + '"; ?' + _PAIR + ")?"
_WHO = '(?:administrator|src_user_name|user|user_name):"(?P<user_name>' + _VALUE + ')".*$'
_VPN = {"service": "vpn"}

_RULES = (
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
    lacks="All services are told as VPN, the administrators too; the reason is free text and not read.",
)
