r"""JFrog Artifactory's ``artifactory-access.log`` (also of Pro and Cloud).

Source: JFrog's documentation of the access log. The address stands last but for the way of signing in.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WHO = (
    r" LOGIN\] +(?:[A-Za-z0-9_.:/-]* )?for (?:client : )?(?P<user_name>.*?) ?/ "
    r"?(?P<src_ip>[0-9A-Fa-f.:]+?)\.?(?: \[[a-zA-Z_ -]*\])?$"
)
_HEAD = r"^(?:\[[0-9A-Za-z ]*\] )?\["
_WEB = {"service": "web"}

FORMAT = Format(
    name="artifactory",
    title="JFrog Artifactory",
    programs=("artifactory",),
    rules=(
        Rule("failed", _HEAD + "DENIED" + _WHO, "failure", "bad_password", constants=_WEB),
        Rule("login", _HEAD + "ACCEPTED" + _WHO, "success", constants=_WEB),
        Rule("other", _HEAD + r"(?:ACCEPTED|DENIED) (?:DEPLOY|DOWNLOAD|DELETE|CONFIGURE|ANNOTATE|[A-Z_]+)\].*$"),
    ),
    envelopes=(
        Envelope(
            "artifactory",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T "
            r"][0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{3}(?:Z|[+-][0-9]{2}:?[0-9]{2})?) )"
            r"(?:\[[0-9A-Za-z ]*\] )?\[(?:ACCEPTED|DENIED) [A-Z_]+\] ",
            iso,
            program="artifactory",
        ),
    ),
    values={"user_name": {"non_authenticated_user": "", "NA": ""}},
    gives=("time", "user_name", "src_ip", "service", "outcome", "reason"),
    lacks="It does not tell the name of most sign-ins that failed.",
)
