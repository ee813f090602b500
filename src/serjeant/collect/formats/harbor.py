r"""Harbor's core service, by file or by the syslog of its log container.

Sources: src/server/middleware/security/basic_auth.go, src/core/auth/authenticator.go, src/core/controllers/base.go. The
client's address is what ``X-Forwarded-For`` says, and its first entry the client itself may have written.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_LEVEL = r"^\[(?:ERROR|WARNING|INFO|DEBUG|FATAL)\] \["
_CLIENT = (
    r"\[client IP=\"(?P<forwarded>\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::[0-9]+)?(?:,[^\",]*)*?)"
    r"(?:, ?(?P<peer>[0-9A-Fa-f.:]+))?\" requestID=\"[^\"]*\" user "
    r"agent=\"(?P<client>.*)\"\]: "
)
_WEB = {"service": "web"}

FORMAT = Format(
    name="harbor",
    title="Harbor",
    group="apps",
    programs=("harbor", "core", "harbor-core"),
    rules=(
        Rule(
            "failed",
            _LEVEL + r"[^\]]*\]" + _CLIENT + r"failed to authenticate user: ?(?P<user_name>.*), error:.*$",
            "failure",
            "bad_password",
            constants={"service": "web", "auth_protocol": "basic"},
        ),
        Rule(
            "locked",
            _LEVEL + r"[^\]]*\]: (?P<user_name>.*) is being locked due to login failure, login failed$",
            "refused",
            "locked",
            constants=_WEB,
        ),
        Rule(
            "form_failed",
            _LEVEL
            + r"[^\]]*\]: (?:Error occurred in UserLogin|Login failed): (?P<user_name>).*'Invalid credentials'.*$",
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("other", _LEVEL + r"/(?:common|core|lib|pkg|server|controller|jobservice|replication)/.*$"),
    ),
    envelopes=(
        Envelope(
            "harbor",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z) )"
            r"\[(?:ERROR|WARNING|INFO|DEBUG|FATAL)\] \[/[a-z_/0-9]+\.go:[0-9]+\]",
            iso,
            program="harbor",
        ),
    ),
    lacks="It does not tell successful sign-ins; the address is one that the client may have made up, and "
    "of its web form "
    "neither address nor name.",
)
