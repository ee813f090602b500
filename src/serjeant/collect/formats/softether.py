"""SoftEther VPN Server: the security log of a virtual hub, and the server log.

Source: hamcore/strtable_en.stb (LH_CONNECT_CLIENT, LH_AUTH_OK, LH_AUTH_NG).

The line that says that a client tries tells its address and name, the verdict follows; both name the connection
(``CID-7``), which joins them. Older versions tell a wrong password without the address.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_CID = r'(?:\[HUB "[^"]*"\] )?(?:The c|C)onnection "(?P<session_uid>[0-9A-Za-z+/-]+)"'
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_VPN = {"service": "vpn"}

_RULES = (
    Rule(
        "wrong",
        "^" + _CID + ': User authentication failed[.] The user name that has been provided was '
'"(?P<user_name>.*)", from ' + _IP + "[.]$",
        "failure",
        "bad_password",
        "auth",
        _VPN,
    ),
    Rule(
        "wrong_nowhere",
        "^" + _CID + ': User authentication failed[.] The user name that has been provided was "(?P<user_name>.*)"[.]$',
        "failure",
        "bad_password",
        "auth",
        _VPN,
    ),
    Rule("success", "^" + _CID + ': Successfully authenticated as user "(?P<user_name>.*)"[.]$', "success",
        None, "auth", _VPN),
    # The name that the client gives itself stands before the user's, and the address before both.
    Rule(
        "tries",
        "^" + _CID + r" \(IP address: " + _IP + r', .* the user name is "(?P<user_name>[^"]*)"[.]?.*$',
        "refused",
        "other",
        "probe",
        _VPN,
    ),
    Rule("other", r'^(?:\[HUB "[^"]*"\] )?(?:Session "|The session|SecureNAT|On the TCP|For the client|The SSL|'
r'The connection|'
        'Connection "|The Virtual|Virtual Hub|L3SW|The server|The user|The administration|A |Listener|The '
'configuration).*$'),
)  # fmt: skip

FORMAT = Format(
    name="softether",
    title="SoftEther VPN Server",
    group="network",
    programs=("softether", "vpnserver"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "softether",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}) )"
            r'(?:\[HUB "[^"]*"\] )?(?:The connection "|Connection "|Session "|The session|On the TCP Listener)',
            iso,
            program="softether",
        ),
    ),
    lacks="It does not tell whether the account exists.",
)
