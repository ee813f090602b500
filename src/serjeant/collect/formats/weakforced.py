"""weakforced: reports of Dovecot's auth policy, as its webhooks and report sinks hand them on, one JSON object a line.

Sources: wforce/login_tuple.cc (``LoginTuple::to_json``), wforce_webhook(5). ``pwhash`` is a short hash of nonce, name
and password: it tells one wrong password from another on one account. An attempt that the policy refused says nothing
of its password. Allow requests, which come before a password is judged, and events of the blacklist are no attempts.
"""

from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record

_REPORT = {"user_name": "^.+$", "src_ip": "^.+$"}

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
                Case("report_wrong", {**_REPORT, "right": "^false$"}, "failure", "bad_password"),
            ),
            marks=('"login"', '"pwhash"', '"remote"', '"success"'),
        ),
    ),
    lacks="It does not tell an unknown name from a wrong password, nor why a right one was turned away.",
)
