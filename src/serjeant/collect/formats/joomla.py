r"""Joomla's ``error.php`` log.

Source: libraries/src/Log/Logger/FormattedtextLogger.php and the authentication of CMSApplication.php. The category
``joomlafailure`` is the sign-in that failed, in the site's language; ``jerror`` says the same once more.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = r"^[A-Z]+ (?P<src_ip>[0-9A-Fa-f.:]+)[ \t]+"
_WEB = {"service": "web"}

FORMAT = Format(
    name="joomla",
    title="Joomla",
    group="apps",
    programs=("joomla",),
    rules=(
        Rule(
            "blocked",
            _HEAD + r"joomlafailure[ \t]+(?P<user_name>)Login denied!.*$",
            "failure",
            "disabled",
            constants=_WEB,
        ),
        Rule("failed", _HEAD + r"joomlafailure[ \t]+(?P<user_name>).*$", "failure", "bad_password", constants=_WEB),
        Rule("other", r"^[A-Z]+ [0-9A-Fa-f.:-]+[ \t]+[a-z0-9_.-]+\t.*$"),
    ),
    envelopes=(
        Envelope(
            "joomla",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|"
            r"[+-][0-9]{2}:[0-9]{2}))[ \t]+)"
            r"[A-Z]+ [0-9A-Fa-f.:-]+\t[a-z0-9_.-]+\t",
            iso,
            program="joomla",
        ),
    ),
    lacks="It does not tell the name, nor successful sign-ins.",
)
