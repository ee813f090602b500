"""Gerrit's ``sshd_log`` (source: java/com/google/gerrit/sshd/SshLog.java, DatabasePubKeyAuth.java).

Its sshd takes keys only, and a client offers all it has, so a key that fits nobody's is no guess by itself: it counts
where the session tells of nothing else. A name that does not exist is told once for each key.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_SSH = {"service": "ssh", "auth_protocol": "publickey"}
_IP = r"(?P<src_ip>[0-9A-Fa-f.:]+)"
_WHO = r"^(?P<session_uid>[^ ]+) (?:\[[^\]]*\] )?(?P<user_name>.*) [^ ]+ "

FORMAT = Format(
    name="gerrit",
    title="Gerrit sshd_log",
    group="apps",
    programs=("gerrit",),
    rules=(
        Rule(
            "unknown",
            _WHO + "AUTH FAILURE FROM " + _IP + " user-not-found$",
            "failure",
            "unknown_account",
            "probe",
            _SSH,
        ),
        Rule(
            "inactive",
            _WHO + "AUTH FAILURE FROM " + _IP + " (?:user|account)-inactive$",
            "failure",
            "disabled",
            "probe",
            _SSH,
        ),
        Rule("key", _WHO + "AUTH FAILURE FROM " + _IP + "(?: [a-z-]+)?$", "failure", "other", "probe", _SSH),
        Rule("login", _WHO + "LOGIN FROM " + _IP + "$", "success", None, "daemon", _SSH),
        Rule(
            "command",
            r"^[^ ]+ (?:\[[^\]]*\] )?[^ ]+ (?:a/[0-9]+|-) (?:LOGOUT|KILL|gerrit|git|scp|replication|[a-z-]+ ?).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "gerrit",
            r"^(?P<header>\["
            r"(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}[.,][0-9]{3} ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))\] )"
            r"[^ ]+ (?:\[[^\]]*\] )?.* (?:a/[0-9]+|[^ ]+) (?:AUTH FAILURE FROM |LOGIN FROM |LOGOUT)",
            iso,
            program="gerrit",
        ),
    ),
    lacks="It tells of keys only; passwords go over HTTP, whose log is a web server's.",
)
