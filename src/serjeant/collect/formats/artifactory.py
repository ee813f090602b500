r"""JFrog Artifactory's ``artifactory-access.log`` (also of Pro and Cloud).

Sources: JFrog's pages on the access log and on finding a user's way of signing in. The address stands last but for the
way of signing in. Anonymous visits and the tokens of JFrog's own services are accepted all the time, and are no
sign-ins of a person.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = r"^(?:\[[0-9A-Za-z -]*\] )?\["
_FOR = r" LOGIN\] +(?:[A-Za-z0-9_.:/-]+ +)?for +(?:client *: *)?"
_FROM = r" ?/ ?(?P<src_ip>[0-9A-Fa-f.:]+?)\.?(?: \[(?P<auth_protocol>[a-zA-Z_ -]*)\])?$"
_WEB = {"service": "web"}

FORMAT = Format(
    name="artifactory",
    title="JFrog Artifactory",
    group="apps",
    programs=("artifactory",),
    rules=(
        Rule(
            "machine",
            _HEAD
            + "ACCEPTED"
            + _FOR
            + r"(?:anonymous|(?:token:)?jf[a-z]{1,6}@[0-9A-Za-z_-]+) ?/ ?[0-9A-Fa-f.:]+(?: \[[a-zA-Z_ -]*\])?$",
        ),
        Rule(
            "failed",
            _HEAD + "DENIED" + _FOR + "(?P<user_name>.*?)" + _FROM,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        Rule("login", _HEAD + "ACCEPTED" + _FOR + "(?P<user_name>.*?)" + _FROM, "success", constants=_WEB),
        Rule("other", _HEAD + r"(?:ACCEPTED|DENIED) (?:[A-KM-Z_][A-Z_]*|L[A-Z_]*[A-MO-Z_])\].*$"),
    ),
    envelopes=(
        Envelope(
            "artifactory",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[T "
            r"][0-9]{2}:[0-9]{2}:[0-9]{2}[.,][0-9]{3}(?:Z|[+-][0-9]{2}:?[0-9]{2})?) )"
            r"(?:\[[0-9A-Za-z -]*\] )?\[(?:ACCEPTED|DENIED) [A-Z_]+\] ",
            iso,
            program="artifactory",
        ),
    ),
    values={"user_name": {"non_authenticated_user": "", "NA": ""}},
    lacks="It does not tell the name of most sign-ins that failed.",
)
