"""Emby Server's log (embyserver.txt); what of it tells of a sign-in comes from the server's ``AUTH-ERROR`` lines.

Source: lines that users of the product show in its forum, and MediaBrowser.Server's UserManager, of which it was made.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_WHERE = r"^(?:Warn|Error|Info) [A-Za-z.]+: "
_ERROR = _WHERE + r"AUTH-ERROR: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[^ ]+)? - "

FORMAT = Format(
    name="emby",
    title="Emby Server",
    group="home",
    programs=("emby-server", "EmbyServer", "emby"),
    rules=(
        Rule(
            "wrong",
            _ERROR + r"Invalid user(?:name)? or password(?: entered)?\.?.*$",
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule(
            "disabled",
            _ERROR + r"The (?P<user_name>.*) account is currently disabled\..*$",
            "failure",
            "disabled",
            None,
            _WEB,
        ),
        Rule(
            "locked",
            _ERROR + r"(?:User|The (?P<user_name>.*) account) is (?:currently )?locked out.*$",
            "refused",
            "locked",
            None,
            _WEB,
        ),
        Rule(
            "not_allowed",
            _ERROR + r"(?:User is not allowed|Forbidden|.* not allowed (?:access|remote)).*$",
            "failure",
            "policy",
            None,
            _WEB,
        ),
        Rule(
            "login",
            _WHERE + r"Authentication request for (?P<user_name>.*) has succeeded\.?$",
            "success",
            None,
            None,
            _WEB,
        ),
        # The same attempt that AUTH-ERROR tells of.
        Rule("denied", _WHERE + r"Authentication request for .* has been denied.*$"),
        Rule("token", r"^(?:Warn|Error|Info) [A-Za-z.]+: AUTH-ERROR: [0-9A-Fa-f.:]+ - (?:Access )?[Tt]oken .*$"),
        Rule(
            "request",
            r"^(?:Info|Debug) (?:Server|App|HttpClient|HttpServer): (?:http/|Http|GET |Entry point|Listening).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "emby",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3}) )"
            r"(?:Warn|Error|Info) [A-Za-z.]+: (?:AUTH-ERROR: |Authentication request for )",
            iso,
            program="emby-server",
        ),
    ),
    lacks="It does not tell which name was tried with a wrong password, and modern releases tell of no success.",
)
