r"""Apache CouchDB's log: sign-ins at ``/_session``, and whom it warns of.

Sources: couch_httpd_auth.erl (``authentication_warning``), chttpd.erl (``log_request``). The warning and the request
share a number; any other request with 401 may be one without a password. The host that the client asked for stands
left of its address, so the line is read from the right.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f.:]*)"
_NODE = r"^[^ ]+@[^ ]+ <[0-9.]+> (?P<session_uid>[0-9A-Za-z+/]+) "
_WEB = {"service": "database"}
_SIGN_IN = r" POST /_session(?:\?[^ ]*)? "
_REQUEST = _NODE + r".* " + _IP + " (?P<user_name>undefined)" + _SIGN_IN

FORMAT = Format(
    name="couchdb",
    title="Apache CouchDB",
    group="data",
    programs=("couchdb",),
    rules=(
        Rule(
            "warned",
            _NODE + r"[a-z_]+: Authentication failed for user (?P<user_name>.*) from " + _IP + "$",
            "failure",
            "bad_password",
            "auth",
            _WEB,
        ),
        Rule("failed", _REQUEST + r"401 [a-z_]+ [0-9]+$", "failure", "bad_password", "daemon", _WEB),
        Rule("locked", _REQUEST + r"(?:403|429) [a-z_]+ [0-9]+$", "refused", "locked", "daemon", _WEB),
        Rule(
            "login",
            _NODE + "[^ ]+ " + _IP + " (?P<user_name>[^ ]+)" + _SIGN_IN + r"200 [a-z_]+ [0-9]+$",
            "success",
            None,
            "daemon",
            _WEB,
        ),
        Rule("request", r"^[^ ]+@[^ ]+ <[0-9.]+> [0-9A-Za-z-]+ .* [A-Z]+ /[^ ]* [0-9]{3} [a-z_]+ [0-9]+$"),
        Rule("other", r"^[^ ]+@[^ ]+ <[0-9.]+> -------- .*$"),
    ),
    envelopes=(
        Envelope(
            "couchdb",
            r"^(?P<header>\[(?:debug|info|notice|warning|error|critical|alert|emergency)\] "
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+Z) )[^ ]+@[^ ]+ <[0-9.]+> ",
            iso,
            program="couchdb",
        ),
    ),
    values={"user_name": {"undefined": ""}},
    lacks="It does not tell what the client calls itself; sign-ins that each request brings along (basic "
    "authentication) "
    "it tells only from version 3.4 on, and only those that failed.",
)
