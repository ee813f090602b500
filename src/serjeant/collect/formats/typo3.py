r"""TYPO3's log of sign-ins, of backend and frontend, by any of its writers and by the older ``systemLog``.

Sources: typo3/sysext/core/Classes/Authentication/AuthenticationService.php, AbstractUserAuthentication.php, Log/Writer,
GeneralUtility::sysLog (to version 8). Since version 9 a wrong password is told at NOTICE and again at INFO, without the
address; of an unknown name, and of a success, the address stands in the data behind the message, where quotes of a name
are escaped.
"""

import re

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated, php

_APACHE = (
    r"^(?:\[[a-z0-9_]*:?[a-z0-9]+\] )?(?:\[pid [0-9]+(?::tid [0-9]+)?\] )?"
    r"(?:\[client \[?(?P<src_ip>[0-9A-Fa-f.:]+?)\]?(?::(?P<src_port>[0-9]{1,5}))?\] )?(?:TYPO3 )?(?:\[[A-Z]+\] )?"
)
_REQUEST = r"\[?request=\"(?P<session_uid>[^\"]*)\" component=\"[^\"]*\"(?:\]|:) "
# Where PHP's error log is Apache's, that knows who it was.
_FROM = _APACHE + "(?:" + _REQUEST + ")?(?:-? ?[Cc]ore: )?"
_HEAD = _FROM.replace("?P<src_ip>", "?:").replace("?P<src_port>", "?:")
_IP = r"(?:###IP###|(?P<src_ip>[0-9A-Fa-f.:]+))(?: \([^()]*\))?"
_ATTEMPT = _HEAD + "Login-attempt from " + _IP + "(?:, for|,| for) username '(?P<user_name>.*)'"
_TAIL = r" ?(?:- \{.*\})? ?$"
_VALUE = r"\"(?:[^\"\\]|\\.)*\""
_ADDRESS = r"\"(?:REMOTE_ADDR|ip)\":\"(?P<src_ip>[0-9A-Fa-f.:]+)\"(?:,\"[A-Za-z_]+\":" + _VALUE + r")*\} ?$"
_WEB = {"service": "web"}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a, %d %b %Y %H:%M:%S %z", clock)


def _old(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%d-%m-%y %H:%M", clock)


FORMAT = Format(
    name="typo3",
    title="TYPO3",
    group="apps",
    programs=("TYPO3", "typo3", "apache", "apache2", "httpd"),
    rules=(
        Rule(
            "failed_hidden",
            _FROM + "Login-attempt from ###IP###, username '(?P<user_name>.*)', password not accepted!+" + _TAIL,
            "failure",
            "bad_password",
            "daemon",
            _WEB,
        ),
        Rule("failed", _ATTEMPT + ",? password not accepted!+" + _TAIL, "failure", "bad_password", "daemon", _WEB),
        Rule("unknown", _ATTEMPT + " not found(?: on [A-Za-z ]+)?!+" + _TAIL, "failure", "unknown_account", None, _WEB),
        # The password was right, and the person at the wrong door.
        Rule(
            "domain", _ATTEMPT + ", locked domain '.*' did not match '.*'!" + _TAIL, "challenged", "policy", None, _WEB
        ),
        Rule("failed_otherwise", _ATTEMPT + "[^']*$", "failure", "other", None, _WEB),
        Rule(
            "unknown_told",
            _HEAD
            + r"Login-attempt from username ['\"](?P<user_name>.*)['\"] not found! - \{(?:\"[A-Za-z_]+\":"
            + _VALUE
            + ",)*?"
            + _ADDRESS,
            "failure",
            "unknown_account",
            None,
            _WEB,
        ),
        Rule(
            "wrong",
            _FROM + "(?:BE|FE) Authentication failed - wrong password for username '(?P<user_name>.*)'" + _TAIL,
            "failure",
            "bad_password",
            "auth",
            _WEB,
        ),
        Rule(
            "login_told",
            _HEAD
            + r"User .* logged in from .* - \{(?:\"[A-Za-z_]+\":"
            + _VALUE
            + r",)*?\"username\":\"(?P<user_name>(?:[^\"\\]|\\.)*)\","
            + _ADDRESS,
            "success",
            None,
            None,
            _WEB,
        ),
        Rule("login", _HEAD + "User (?P<user_name>.*) logged in from " + _IP + " ?$", "success", None, None, _WEB),
        # What they say comes again as a sign-in, or is a session that goes on.
        Rule(
            "other",
            re.sub(r"\?P<[a-z_]+>", "?:", _APACHE + _REQUEST)
            + r"(?:(?:BE|FE) Authentication successful .*|Login (?:data|type).*|[#-AC-EG-KM-Z\[-z].*|B[^E].*|F[^E].*)$",
        ),
    ),
    envelopes=(
        Envelope(
            "typo3",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
            r"[0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}) )\[[A-Z]+\] request=\"",
            _time,
            program="typo3",
        ),
        Envelope(
            "typo3-php",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} [A-Za-z0-9/_+-]+)\] )"
            r"TYPO3 \[[A-Z]+\] request=\"",
            php,
            program="typo3",
        ),
        Envelope(
            "typo3-old",
            r"^(?P<header>(?P<stamp>[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}) - )[Cc]ore: Login-attempt from ",
            _old,
            program="typo3",
        ),
    ),
    lacks="Since version 9 it does not tell the address of a wrong password, and most of what it knows of sign-ins it "
    "keeps in its database (sys_log).",
)
