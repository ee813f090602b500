"""gives: what a format can tell, as its rules and records show it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record

YES: Final = "yes"
PARTLY: Final = "partly"
NO: Final = "no"


@dataclass(frozen=True, slots=True)
class Gives:
    """Each is ``YES``, ``PARTLY`` or ``NO``.

    :param account: which name was tried; partly: not in every line that tells of an attempt
    :param source: from which address; partly likewise
    :param outcome: who got in and who did not; partly: only one of the two
    :param reason: why not, told apart; partly: always the same
    :param mfa: whether a second factor took part, or failed
    :param fingerprint: which guesses were alike
    """

    account: str
    source: str
    outcome: str
    reason: str
    mfa: str
    fingerprint: str

    def words(self) -> dict[str, str]:
        """By name."""
        return asdict(self)


def gives(form: Format) -> Gives:
    """What a format can tell."""
    if form.parse is not None:
        told = [(Rule("row", "", "success"), {*form.gives}), (Rule("row", "", "failure"), {*form.gives})]
        reasons: set[str | None] = {"bad_password", "locked"} if "reason" in form.gives else set()
    else:
        told = list(_told(form))
        reasons = {rule.reason for rule, _ in told} - {None, "other"}
        reasons |= {"bad_password", "locked"} if any("reason" in columns for _, columns in told) else set()
    # A line that only shows that somebody tried stands beside the one that tells of the attempt.
    verdicts = [each for each in told if each[0].witness != "probe"] or told
    let_in = {rule.outcome == "success" for rule, _ in verdicts}
    columns = {name for _, names in told for name in names}
    return Gives(
        account=_share([{"user_name"} <= names for _, names in verdicts]),
        source=_share([bool({"src_ip", "forwarded"} & names) for _, names in verdicts]),
        outcome=(NO, PARTLY, YES)[len(let_in)],
        reason=(NO, PARTLY, YES)[min(len(reasons), 2)],
        mfa=YES if "is_mfa" in columns or "mfa" in reasons else NO,
        fingerprint=YES if {"guess_site", "guess_account"} & columns else NO,
    )


def _share(having: Sequence[bool]) -> str:
    return YES if having and all(having) else PARTLY if any(having) else NO


def _told(form: Format) -> Iterator[tuple[Rule | Case, set[str]]]:
    """Each kind of line that tells of a sign-in, and the columns that it fills."""
    for rule in form.rules:
        if rule.outcome:
            yield rule, {*rule.groups, *rule.constants}
    for record in form.records:
        fields = _fields(record)
        for case in record.cases:
            if case.outcome:
                yield case, {*fields, *case.groups, *case.constants}


def _fields(record: Record) -> set[str]:
    """The fields as they are judged: of those that ``derive`` makes only their names are wanted."""
    found = pl.DataFrame(schema=dict.fromkeys(record.fields, pl.String))
    return set((found if record.derive is None else record.derive(found)).columns)
