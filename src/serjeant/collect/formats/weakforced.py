"""weakforced: reports of Dovecot's auth policy, as its webhooks and report sinks hand them on, one JSON object a line.

Sources: wforce/login_tuple.cc (``LoginTuple::to_json``), wforce_webhook(5). ``pwhash`` is a short hash of nonce, name
and password: it tells one wrong password from another on one account. An attempt that the policy refused says nothing
of its password, unless Dovecot is told to send ``attrs/verified=%{passdb:pv}`` (``docs/door.md``): then it says that it
was right. Dovecot 2.4 says why it failed (``fail_type``). ``serjeant door --reports`` writes the same. Allow requests,
which come before a password is judged, and events of the blacklist are no attempts.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_REPORT = {"user_name": "^.+$", "src_ip": "^.+$"}
_WRONG = {**_REPORT, "right": "^false$"}

FORMAT = Format(
    name="weakforced",
    title="weakforced (PowerDNS, Dovecot's auth policy)",
    group="mail",
    programs=("wforce",),
    records=(
        Record(
            fields={
                "time": "t",
                "user_name": "login",
                "src_ip": "remote",
                "service": "protocol",
                "client": "device_id",
                "guess_account": "pwhash",
                "right": "success",
                "refused": "policy_reject",
                "verified": "attrs.verified",
                "auth_protocol": "attrs.mech",
                "session_uid": "session_id",
                "fail_type": "fail_type",
            },
            cases=(
                Case(
                    "report_right_refused", {**_REPORT, "refused": "^true$", "verified": "^1$"}, "challenged", "policy"
                ),
                Case("report_refused", {**_REPORT, "refused": "^true$"}, "refused", "policy"),
                Case("report_right", {**_REPORT, "right": "^true$"}, "success", None),
                Case("report_unknown", {**_WRONG, "fail_type": "^account$"}, "failure", "unknown_account"),
                Case("report_disabled", {**_WRONG, "fail_type": "^disabled$"}, "failure", "disabled"),
                Case("report_expired", {**_WRONG, "fail_type": "^expired$"}, "failure", "expired"),
                Case("report_trouble", {**_WRONG, "fail_type": "^internal$"}, "refused", "backend"),
                Case("report_wrong", _WRONG, "failure", "bad_password"),
            ),
            marks=('"login"', '"pwhash"', '"remote"', '"success"'),
        ),
    ),
    lacks="Before Dovecot 2.4 it does not tell an unknown name from a wrong password.",
)
