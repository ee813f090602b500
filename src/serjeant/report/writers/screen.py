"""screen: the first four questions on one terminal screen of 80 by 40, without scrolling."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from serjeant.model.assessment import Assessment
from serjeant.model.campaign import Campaign
from serjeant.model.incident import Incident
from serjeant.report import verdict, wall, words
from serjeant.report.text import plain

_LINES = 39  # the prompt takes the fortieth
_WIDEST = 100
_BAR = 20
_EVIDENCE = 2
_DEPARTMENTS = 3
_CAMPAIGNS = 5
_INDENT = "   "
_CERTAINTY_STYLES = {"confirmed": "bold red", "probable": "red"}
_MOOD_STYLES = {"attack": "bold red", "quiet": "bold green", "blind": "bold yellow"}


def render(incident: Incident, *, out: str, console: Console) -> None:
    """Print the answers to questions 1 to 4 in at most 39 lines; what does not fit is counted.

    Colour only for what is grave; none where ``NO_COLOR`` is set or the console is no terminal (rich sees to both).

    :param out: where ``report.html`` and ``incident.json`` were written; only told
    """
    width = min(console.width, _WIDEST)
    for line in _screen(incident, out, width):
        line.truncate(width, overflow="ellipsis")
        if not console.encoding.lower().startswith("utf"):
            line.plain = line.plain.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")[:width]
        console.print(line, no_wrap=True, overflow="crop", crop=True, soft_wrap=False)


_ASCII = str.maketrans({"█": "#", "·": ".", "…": "~", "–": "-"})


def _screen(incident: Incident, out: str, width: int) -> list[Text]:
    built = wall.build(incident)
    found = verdict.judge(incident, built)
    head = [
        Text(found.headline.upper(), _MOOD_STYLES[found.mood]),
        *_wrapped(f"{found.sentence} {found.certainty}", width),
        Text(),
    ]
    is_it, on_whom, by_whom, who_fell = (_question(index, it, width) for index, it in enumerate(found.answers, 1))
    middle = [
        *is_it,
        *_evidence(incident),
        *on_whom,
        *_departments(built, incident),
        *by_whom,
        *_campaigns(incident.campaigns),
        *who_fell,
    ]
    foot = [Text(), *_read(incident), Text(f"More: {plain(out, width - 36)}: report.html, incident.json", "dim")]
    room = max(1, _LINES - len(head) - len(middle) - len(foot))
    return [*head, *middle, *_accounts((*found.fallen, *found.suspected), room), *foot]


def _wrapped(sentence: str, width: int) -> list[Text]:
    """At most five lines."""
    lines = [""]
    for word in plain(sentence, 4 * width).split(" "):
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return [Text(line) for line in lines[:5]]


def _question(index: int, answer: verdict.Answer, width: int) -> list[Text]:
    """At most two lines: the short answer bold, the detail behind and below it."""
    begin = f"{answer.short}. "
    first, *rest = _wrapped(begin + answer.detail, width - len(_INDENT))
    first.stylize("bold", 0, len(begin))
    return [Text(f"{index}  ") + first, *(Text(_INDENT) + line for line in rest[:1])]


def _evidence(incident: Incident) -> list[Text]:
    first_of_each = {it.test: it.says for campaign in incident.campaigns[::-1] for it in campaign.evidence[::-1]}
    says = list(first_of_each.values())[::-1]
    return [Text(f"{_INDENT}{plain(it, _WIDEST)}", "dim") for it in says[:_EVIDENCE]]


def _departments(built: wall.Wall, incident: Incident) -> list[Text]:
    if not incident.campaigns or len(built.blocks) < 2:
        return []
    shown = built.blocks[:_DEPARTMENTS]
    return [
        Text(
            f"{_INDENT}{_cell(it.name, 24)} {_bar(it.share)} {words.percent(it.share):>8}  {it.tried:,} of {it.size:,}"
        )
        for it in shown
    ] + _and_more(len(built.blocks) - len(shown), "department")


def _bar(share: float) -> str:
    filled = _BAR if share == 1 else min(_BAR - 1, max(int(share * _BAR), share > 0))
    return "█" * filled + "·" * (_BAR - filled)


def _campaigns(campaigns: Sequence[Campaign]) -> list[Text]:
    shown = campaigns[:_CAMPAIGNS]
    return [_campaign(it) for it in shown] + _and_more(len(campaigns) - len(shown), "campaign")


def _campaign(it: Campaign) -> Text:
    shape = next(iter(it.classes or it.techniques), "")
    return Text(
        f"{_INDENT}{_cell(it.uid, 4)}{_cell(shape, 25)} from {words.short_moment(it.first_seen):<12}"
        f" {len(it.sources):>6,} sources {it.attempts:>8,} tries"
    )


def _accounts(found: Sequence[Assessment], room: int) -> list[Text]:
    shown = found if len(found) <= room else found[: room - 1]
    return [_account(it) for it in shown] + _and_more(len(found) - len(shown), "account")


def _account(it: Assessment) -> Text:
    certainty = it.certainty if it.assessment == "compromised" else it.assessment
    opens = f"opens {len(it.reaches):,}" if it.reaches else ""
    return Text.assemble(
        f"{_INDENT}{_cell(it.account, 24)} ",
        (f"{plain(certainty, 10):<10}", _CERTAINTY_STYLES.get(certainty, "")),
        f" {words.short_moment(it.first_access):<12} {_cell(it.sources[0] if it.sources else '', 18)} {opens}",
    )


def _and_more(count: int, noun: str) -> list[Text]:
    return [Text(f"{_INDENT}and {words.counted(count, f'more {noun}')}: see report.html", "dim")] if count > 0 else []


def _read(incident: Incident) -> list[Text]:
    read = incident.read
    looked_at = f"Read {words.counted(read.files, 'file')}, {words.counted(read.lines, 'line')}"
    lines = [Text(f"{looked_at}, {words.counted(read.logins, 'sign-in')}.", "dim")]
    if read.unparsed or read.unread:
        missing = f"{words.counted(read.unparsed, 'line')} and {words.counted(_files(incident), 'file')}"
        lines.append(Text(f"Could not be read: {missing}; report.html says which.", "yellow"))
    if not read.told_apart:
        lines.append(Text("Wrong passwords are all alike in these logs: sprays are seen later.", "dim"))
    if incident.guards:
        lines.append(Text(f"Set aside as innocent: {words.counted(len(incident.guards), 'burst')} of failures.", "dim"))
    return lines


def _files(incident: Incident) -> int:
    return sum(not it.lines for it in incident.read.unread)


def _cell(text: str, width: int) -> str:
    shown = plain(text, width)
    return shown + " " * (width - cell_len(shown))
