"""Dex: ``key=value`` lines or JSON, by its setting ``logger.format``.

Source: server/handlers.go (``handlePasswordLogin``, ``finalizeLogin``). Up to 2.41 the name and the connector stand
in the message, later in fields of their own, with the client's address.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_WEB = {"service": "web"}

_CASES = (
    Case("wrong", {"said": r"^failed login attempt: Invalid credentials\.$"}, "failure", "bad_password", None, _WEB),
    Case(
        "wrong_old",
        {"said": r'^Failed login attempt for user: "(?P<user_name>.*)"\. Invalid credentials\.$'},
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Case("backend", {"said": "^failed to login user$"}, "refused", "backend", None, _WEB),
    Case("sign_in", {"said": "^login successful$"}, "success", None, None, _WEB),
    Case(
        "sign_in_old",
        {"said": r'^login successful: connector "[^"]*", username="(?P<user_name>.*)", preferred_username=".*$'},
        "success",
        None,
        None,
        _WEB,
    ),
)

_FIELDS: dict[str, str | tuple[str, ...]] = {
    "time": "time",
    "user_name": ("user", "username"),
    "src_ip": "client_remote_addr",
    "said": "msg",
}

FORMAT = Format(
    name="dex",
    title="Dex",
    group="identity",
    programs=("dex",),
    records=(
        Record(fields=_FIELDS, cases=_CASES, kind="logfmt", marks=("level=", "msg=")),
        Record(fields=_FIELDS, cases=_CASES, marks=('"level"', '"msg"')),
    ),
    lacks="Before 2.42 it tells no address; a success names the user by the name that the connector shows.",
)
