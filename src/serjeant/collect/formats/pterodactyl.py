"""Pterodactyl Wings, the daemon of a node: sign-ins to its SFTP server (source: sftp/server.go, loggers/cli/cli.go).

Fields stand in the order of their names, so that the one of the user is the last. A name without the server's eight
digits behind it (``alice.1a2b3c4d``) cannot exist. A key that is not known is no guess at a password.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_SFTP = {"service": "sftp"}
_IP = r"ip=\[?(?P<src_ip>[0-9A-Fa-f.:]+)\]?:(?P<src_port>[0-9]+) "
_REST = _IP + "(?:method=(?P<auth_protocol>[a-z_]+) )?(?:server=[0-9a-f-]+ )?subsystem=sftp username=(?P<user_name>.*)$"

FORMAT = Format(
    name="pterodactyl",
    title="Pterodactyl Wings",
    group="apps",
    programs=("wings", "pterodactyl"),
    rules=(
        Rule("key", r"^failed to validate user credentials \([a-z ]+\) ip=[^ ]+ method=public_key .*$"),
        Rule(
            "wrong",
            r"^failed to validate user credentials \(invalid username or password\) " + _REST,
            "failure",
            "bad_password",
            None,
            _SFTP,
        ),
        Rule(
            "unknown",
            r"^failed to validate user credentials \(invalid format\) " + _REST,
            "failure",
            "unknown_account",
            None,
            _SFTP,
        ),
        Rule(
            "trouble",
            "^encountered an error while trying to validate user credentials (?:error=[^=]* )?" + _REST,
            "refused",
            "backend",
            None,
            _SFTP,
        ),
        Rule("login", "^credentials validated and matched to server instance " + _REST, "success", None, None, _SFTP),
        Rule("trying", "^validating credentials for SFTP connection .*$"),
        Rule(
            "other",
            "^(?:configuring|fetching|finished|processing|server|creating|starting|sftp server|updated|pulling).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "pterodactyl",
            r"^(?P<header> *(?:DEBUG|INFO|WARN|ERROR): \[(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}\.[0-9]{3})\] )"
            r"(?:failed to validate user|encountered an error while trying to validate user|validating|credentials) ",
            bsd,
            program="wings",
        ),
    ),
    lacks="It tells of successes in debug mode only, and nothing of the panel's own sign-in page.",
)
