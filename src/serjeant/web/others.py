"""others: nginx (``auth_request``), FreeRADIUS (``rest``) and PAM (our helper), which speak forms and status codes."""

from typing import Final, Literal

from serjeant.contain.decision import ALLOW, Answer
from serjeant.web.doors import Doors, request_of
from serjeant.web.message import Message, Reply
from serjeant.web.reports import SignIn

_STAGES: Final[dict[str, Literal["before", "after", ""]]] = {"before": "before", "right": "after", "after": "after"}


def nginx(doors: Doors, message: Message) -> Reply:
    """204 or 403; for a contained account 401, as a wrong password has it.

    What decides comes from nginx's own settings, in the query; a client could send any header itself, but for the
    address that nginx sets.
    """
    stage = _STAGES.get(message.query.get("stage", ""), "")
    login, _ = message.basic
    request = request_of(login, message.headers.get("x-real-ip", ""), message.query.get("service", "web"), stage)
    found = doors.ask(request, "nginx")
    if found.verdict != "deny":
        return Reply(204, headers={"x-serjeant-decision": found.verdict})
    if stage == "after":
        doors.told(SignIn(login, request.remote, request.service, right=False, refused=True, verified=True))
    if found.rule != "contain_account":
        return Reply(403, headers={"x-serjeant-decision": "deny"})
    # Written as nginx itself writes it: small letters would tell a right password from a wrong one.
    realm = "".join(c for c in message.query.get("realm", "") if c.isascii() and c.isprintable() and c not in '"\\')
    return Reply(401, headers={"x-serjeant-decision": "deny", "WWW-Authenticate": f'Basic realm="{realm}"'})


def radius_authorize(doors: Doors, message: Message) -> Reply:
    """204: go on and judge the password; 403: turn away."""
    return Reply(403 if _attempt(doors, message, "radius", "before").verdict == "deny" else 204)


def radius_post_auth(doors: Doors, message: Message) -> Reply:
    """The password was judged (``stage``: *right* or *wrong*). 204: go on; 403: turn away all the same."""
    stage = message.form.get("stage", "")
    return Reply(403 if _attempt(doors, message, "radius", stage).verdict == "deny" else 204)


def pam(doors: Doors, message: Message) -> Reply:
    """A line: ``allow``, ``deny``, or ``slow`` and the seconds."""
    found = _attempt(doors, message, "pam", message.form.get("stage", ""))
    told = f"slow {found.seconds}" if found.verdict == "slow" else found.verdict
    return Reply(200, f"{told}\n".encode(), {"content-type": "text/plain"})


def _attempt(doors: Doors, message: Message, door: str, stage: str) -> Answer:
    """One attempt, *before* its password is judged and once it was *right* or *wrong*. How it ended is kept."""
    form = message.form
    login, remote = form.get("login", ""), form.get("remote", "")
    request = request_of(login, remote, form.get("service", door), _STAGES.get(stage, ""))
    found = ALLOW if stage == "wrong" else doors.ask(request, door)
    denied = found.verdict == "deny"
    if denied or stage in ("right", "wrong"):
        right, verified = stage == "right" and not denied, stage == "right"
        doors.told(SignIn(login, remote, request.service, right=right, refused=denied, verified=verified))
    return found
