"""words: numbers, times and technique names, as people read them."""

from datetime import UTC, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPANS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))

TECHNIQUES = {
    "T1078": "Valid Accounts",
    "T1078.001": "Default Accounts",
    "T1078.002": "Domain Accounts",
    "T1078.003": "Local Accounts",
    "T1078.004": "Cloud Accounts",
    "T1087": "Account Discovery",
    "T1087.002": "Domain Account Discovery",
    "T1087.003": "Email Account Discovery",
    "T1087.004": "Cloud Account Discovery",
    "T1110": "Brute Force",
    "T1110.001": "Password Guessing",
    "T1110.002": "Password Cracking",
    "T1110.003": "Password Spraying",
    "T1110.004": "Credential Stuffing",
    "T1133": "External Remote Services",
    "T1589": "Gather Victim Identity Information",
    "T1589.001": "Gather Victim Credentials",
    "T1589.002": "Gather Victim Email Addresses",
    "T1621": "Multi-Factor Authentication Request Generation",
}
"""Names of ATT&CK techniques that sign-in logs can show (enterprise matrix)."""


ALIKE = (
    "The logs do not tell one wrong password from another: one that is tried on many accounts, and devices that repeat "
    "one, are found later or not at all."
)
"""Said where no log has fingerprints of guesses."""


def number(value: float) -> str:
    """``8998`` -> ``8,998``; at most one decimal."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def counted(value: int, noun: str, plural: str = "") -> str:
    """``1 account``, ``26 accounts``."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """A share of 0 to 1 in percent. Nearly all is never called all, nor a little nothing."""
    if 0.999 < share < 1:
        return "> 99.9 %"
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{share * 100:.1f} %".replace(".0 %", " %")


def moment(time: datetime | None) -> str:
    """``23 Jun 2017 08:12 UTC``; a dash where there is none."""
    return f"{day(time)} {time.astimezone(UTC):%H:%M} UTC" if time else "–"


def day(time: datetime) -> str:
    """``23 Jun 2017``, in UTC and whatever the locale."""
    utc = time.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def short_moment(time: datetime | None) -> str:
    """``23 Jun 08:12``, where the year is known and room is scarce."""
    if time is None:
        return "–"
    utc = time.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc:%H:%M}"


def span(length: timedelta) -> str:
    """``18 days``, ``5 hours``: the largest unit that gives at least two, rounded down."""
    seconds = max(0, int(length.total_seconds()))
    noun, unit = next((noun, unit) for noun, unit in _SPANS if seconds >= 2 * unit or unit == 1)
    return counted(seconds // unit, noun)


def technique(code: str) -> str:
    """``T1110.003 Password Spraying``; the code alone where the name is not known."""
    return f"{code} {TECHNIQUES.get(code, '')}".strip()
