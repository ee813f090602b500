"""trial: what became of each line, on a terminal or in a pipe."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from serjeant.collect.trial import Trial
from serjeant.report.text import plain, unspoken
from serjeant.report.words import counted, percent

_PIPED: Final = 160
"""Cells of a line where no terminal says how wide it is."""
_INDENT: Final = 8
_STYLES: Final = {"read": "", "ignored": "dim", "UNKNOWN": "bold yellow"}
_ASCII: Final = str.maketrans({"…": "~", "–": "-", "×": "x"})
_PLACES: Final = 8


def show(trial: Trial, *, most: int, unknown: bool, console: Console) -> None:
    """Print each line's number, what became of it by which rule, and the line; then the shares.

    Colour only for what nobody knew (rich leaves it out in pipes and where ``NO_COLOR`` is set).

    :param most: lines that were wanted, at most
    :param unknown: show only the lines that nobody knew
    """
    width = console.width if console.is_terminal else _PIPED
    for line in _lines(trial, most, unknown=unknown):
        if console.encoding.lower().startswith("utf"):
            line.truncate(width, overflow="ellipsis")
        else:
            line.plain = line.plain.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")[:width]
        console.print(line, no_wrap=True, overflow="ignore", crop=False, soft_wrap=True, highlight=False)


def _lines(trial: Trial, most: int, *, unknown: bool) -> Iterator[Text]:
    logins = trial.logins()
    verdicts = [_verdict(trial, position) for position in range(len(trial.lines))]
    for position, (word, by) in enumerate(verdicts):
        if unknown and word != "UNKNOWN":
            continue
        like = trial.likes.get(position)
        said = _meaning(logins[position]) if word == "read" else f"(begins like {like})" if like else ""
        yield _row(position + 1, word, by, said)
        text = "(longer than 64 KiB)" if position in trial.oversized else unspoken(trial.lines[position])
        if text:
            yield Text(" " * _INDENT + plain(text, _PIPED), "" if word == "UNKNOWN" else "dim")
    yield from _sums(verdicts, most)


def _sums(verdicts: list[tuple[str, str]], most: int) -> Iterator[Text]:
    """How often each rule took a line, where the unknown ones stand, and last the shares."""
    yield Text()
    for word in _STYLES:
        for by, count in Counter(by for each, by in verdicts if each == word).most_common():
            yield _row(count, word, by, _places(verdicts, by) if word == "UNKNOWN" else "")
    counts = Counter(word for word, _ in verdicts)
    if counts["UNKNOWN"]:
        yield Text(f"{'':{_INDENT}}Teach it these lines: [formats.NAME] in serjeant.toml, see docs/formats.md", "dim")
    lines = ("the first " if len(verdicts) == most else "") + counted(len(verdicts), "line")
    shares = (f"{counts[word]:,} {word.lower()} ({percent(counts[word] / max(1, len(verdicts)))})" for word in _STYLES)
    yield Text(f"{lines}: {', '.join(shares)}", "bold")


def _row(number: int, word: str, by: str, said: str) -> Text:
    return Text(f"{number:>{_INDENT - 2},}  {word:<8} {by}{'  ' if said else ''}{said}", _STYLES[word])


def _places(verdicts: list[tuple[str, str]], by: str) -> str:
    at = [str(number) for number, verdict in enumerate(verdicts, 1) if verdict == ("UNKNOWN", by)]
    return "line " + ", ".join(at[:_PLACES]) + (" …" if len(at) > _PLACES else "")


def _verdict(trial: Trial, position: int) -> tuple[str, str]:
    if position in trial.oversized:
        return "UNKNOWN", "longer than 64 KiB"
    name = trial.rule(position)
    if not name:
        return "UNKNOWN", "no rule fits"
    if trial.was_read(position):
        return "read", name
    program = name.removeprefix("other:")
    return "ignored", name if program == name else f"{plain(program, 20)} signs nobody in"


def _meaning(login: dict[str, Any]) -> str:
    """``failure (bad_password)  ada from 192.0.2.7, 2026-06-05 09:12:33Z, ssh``."""
    times = f"{login['count']:,} × " if login["count"] > 1 else ""
    reason = f" ({login['reason']})" if login["reason"] else ""
    name = plain(login["user_name"], 40) if login["user_name"] else "nobody named"
    source = f" from {login['src_ip']}" if login["src_ip"] else ""
    service = f", {plain(login['service'], 20)}" if login["service"] else ""
    return f"{times}{login['outcome']}{reason}  {name}{source}, {login['time']:%Y-%m-%d %H:%M:%S}Z{service}"
