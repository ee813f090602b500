"""LiteLLM's proxy: the access lines of its web server (uvicorn), which have no time of their own.

Source: litellm/proxy/proxy_server.py (its paths). ``/login`` is for people, the other paths take a key; what is asked
without the right one is answered with 401.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import missing

_CLIENT = r"^INFO: +\[?(?P<src_ip>[0-9A-Fa-f.:]+)\]?:(?P<src_port>[0-9]+) - "
_LOGIN = _CLIENT + r'"POST (?:/v[23])?/login(?:\?[^ "]*)? HTTP/[0-9.]+" '
_API = (
    r'"[A-Z]+ (?:/openai)?(?:/v1)?/(?:models?|chat/completions|completions|embeddings|images|audio|moderations|rerank|'
    r"responses|messages|batches|files|assistants|threads|fine_tuning|key|user|team|spend|global|budget|customer|"
    r'health|mcp|sso/key)(?:/[^ "?]*)?(?:\?[^ "]*)? HTTP/[0-9.]+" '
)

FORMAT = Format(
    name="litellm",
    title="LiteLLM",
    group="apps",
    programs=("litellm",),
    rules=(
        Rule("wrong", _LOGIN + "401 Unauthorized$", "failure", "bad_password", None, {"service": "web"}),
        Rule("login", _LOGIN + "(?:200 OK|303 See Other)$", "success", None, None, {"service": "web"}),
        Rule("wrong_key", _CLIENT + _API + "401 Unauthorized$", "failure", "bad_password", None, {"service": "api"}),
        Rule("request", "^INFO: +[^ ]+ - " + _API + "[0-9]{3} [A-Za-z ]+$"),
        Rule("server", r"^INFO: +(?:Started|Waiting|Application|Uvicorn|Shutting|Finished) .*$"),
    ),
    envelopes=(
        Envelope(
            "litellm",
            r"^(?P<header>(?P<stamp>))INFO: +\[?[0-9A-Fa-f.:]+\]?:[0-9]+ - "
            r'(?:"POST (?:/v[23])?/login(?:\?[^ "]*)? HTTP/|' + _API + "401 )",
            missing,
            program="litellm",
        ),
    ),
    lacks="It tells neither the name nor the key, and by itself not when.",
)
