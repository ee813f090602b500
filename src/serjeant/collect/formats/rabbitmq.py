r"""RabbitMQ's log, text and JSON: AMQP, MQTT and the management API.

Sources: rabbit_reader.erl, rabbit_access_control.erl, rabbit_mgmt_util.erl, rabbit_mqtt_processor.erl, RabbitMQ's
guides on logging and on access control.

A refused sign-in is two lines of one connection (``<0.842.0>``, the session): ``Error on AMQP connection`` tells the
address and ``PLAIN login refused`` the name. A client may give its connection a name, which stands right of the
address. Whom only the loopback rule or missing rights kept out had the right password.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import iso

# What the first releases with this log write in lines of their own stands alone.
_HEAD = r"^(?:\[[a-z]+\] (?P<session_uid><[0-9]+\.[0-9]+\.[0-9]+>) )?"
_PEER = r"<[0-9.]+> \(\[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?:(?P<src_port>[0-9]+) -> [^ ()]+"
_RIGHT = (
    "connection " + _PEER + r"(?: - .*)?\): user '(?P<user_name>.*)' authenticated and granted access to vhost '.*'$"
)
_ERROR = "Error on AMQP connection " + _PEER + r"(?: - .*)?, state: starting\):$"
_REFUSED = r"(?P<auth_protocol>[A-Z0-9-]+) login refused: "
_USER = "user '(?P<user_name>.*)'"
_HTTP = "HTTP access denied: " + _USER + " - "
_MQTT = r"MQTT login failed(?: for(?: user)?|: user) ['\"](?P<user_name>.*)['\"]"
_AMQP: dict[str, str | bool] = {"service": "amqp"}
_WEB: dict[str, str | bool] = {"service": "web"}
_MQ: dict[str, str | bool] = {"service": "mqtt"}
_NOT_ALLOWED = "(?:User can only log in via localhost|Not management user|User not authorised to access [^']*)$"

_SAID = (
    Rule("right", _HEAD + _RIGHT, "success", None, None, _AMQP),
    Rule("error", _HEAD + _ERROR, "refused", "other", "probe", _AMQP),
    Rule("wrong", _HEAD + _REFUSED + _USER + " - invalid credentials$", "failure", "bad_password", "daemon", _AMQP),
    Rule(
        "not_from_here",
        _HEAD + _REFUSED + _USER + " can only connect via localhost$",
        "challenged",
        "policy",
        "daemon",
        _AMQP,
    ),
    Rule("refused", _HEAD + _REFUSED + "(?P<user_name>).*$", "failure", "other", "daemon", _AMQP),
    Rule("web_wrong", _HEAD + _HTTP + "invalid credentials$", "failure", "bad_password", None, _WEB),
    Rule("web_not_allowed", _HEAD + _HTTP + _NOT_ALLOWED, "challenged", "policy", None, _WEB),
    Rule("web_denied", _HEAD + _HTTP + "[^']*$", "failure", "other", None, _WEB),
    Rule("mqtt_wrong", _HEAD + _MQTT + " auth_failure: Refused$", "failure", "bad_password", None, _MQ),
    Rule("mqtt_not_from_here", _HEAD + _MQTT + " can only connect via localhost$", "challenged", "policy", None, _MQ),
)

FORMAT = Format(
    name="rabbitmq",
    title="RabbitMQ",
    group="data",
    programs=("rabbitmq", "rabbitmq-server", "rabbit", "beam.smp"),
    rules=(
        *_SAID,
        Rule("other", r"^\[[a-z]+\] <[0-9]+\.[0-9]+\.[0-9]+>(?: .*)?$"),
    ),
    envelopes=(
        Envelope(
            "rabbitmq",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3,6}"
            r"(?:Z|[+-][0-9]{2}:[0-9]{2})?) )\[[a-z]+\] <[0-9]+\.[0-9]+\.[0-9]+>",
            iso,
            program="rabbitmq",
        ),
    ),
    records=(
        Record(
            fields={"time": "time", "said": "msg", "session_uid": "pid", "domain": "domain"},
            cases=(
                *(
                    Case(
                        f"json_{rule.name}",
                        {"said": "^" + rule.pattern.removeprefix(_HEAD)},
                        rule.outcome,
                        rule.reason,
                        rule.witness,
                        rule.constants,
                    )
                    for rule in _SAID
                ),
                Case("json_other", {"domain": r"^rabbitmq(?:\..*)?$"}),
            ),
            marks=('"msg"', '"pid"', '"domain"', '"level"'),
        ),
    ),
    lacks="It does not tell whether an account exists, nor addresses of the management API and of MQTT; before 3.9 a "
    "refusal's second line has no stamp and is read alone only.",
)
