"""Firefly III's audit log (``AUDIT:`` in Laravel's own log shape).

Source: app/Http/Controllers/Auth/LoginController.php, app/Handlers/Events/UserEventHandler.php,
app/Support/Logging/AuditProcessor.php.

``User is trying to login`` goes before the verdict, whatever that is, and is no sign-in of its own. The address stands
behind the name, with what the account is called if somebody is signed in.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_FROM = r" \((?P<src_ip>[0-9A-Fa-f.:]+)(?: \([^()]*\))? -> [A-Z]+:[^ ]*\)$"
_NAME = '"(?P<user_name>.*)"'

FORMAT = Format(
    name="fireflyiii",
    title="Firefly III",
    group="apps",
    programs=("firefly-iii", "fireflyiii", "firefly"),
    rules=(
        Rule(
            "wrong",
            "^AUDIT: Login failed. Attempt for user " + _NAME + " failed." + _FROM,
            "failure",
            "bad_password",
            None,
            _WEB,
        ),
        Rule("locked", "^AUDIT: Login for user " + _NAME + " was locked out." + _FROM, "refused", "locked", None, _WEB),
        Rule("login", "^AUDIT: User " + _NAME + " has been logged in." + _FROM, "success", None, None, _WEB),
        Rule(
            "mfa_wrong",
            r"^AUDIT: MFA failure count is set to [0-9]+\. \("
            r"(?P<src_ip>[0-9A-Fa-f.:]+) \((?P<user_name>.*)\) -> [A-Z]+:[^ ]*\)$",
            "challenged",
            "mfa",
            None,
            {"service": "web", "is_mfa": True},
        ),
        Rule("trying", "^AUDIT: User is trying to login using .*$"),
        Rule(
            "other",
            "^AUDIT: (?:Show |User (?:visits|has (?:been )?(?:changed|updated|created))|New |Updated ).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "fireflyiii",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}[^\]]*)\] [A-Za-z]+\.[A-Z]+: )AUDIT: ",
            iso,
            program="firefly-iii",
        ),
    ),
    lacks="With a second factor a right password is told as a success before the factor is asked for.",
)
