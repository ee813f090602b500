"""format: how the lines of one product are read: text by rules (here), objects and tables by records (``record``).

A rule is a pattern in RE2 syntax (Polars compiles it with Rust's ``regex``, which is linear in the length
of the line whatever an attacker writes), anchored at both ends. Its named groups are columns of
``model.login.LINES``. The first rule that matches a line decides it. Use ASCII classes (``[0-9]``, ``[^ ]``)
and anchor from the right: a user name may hold anything, spaces and whole imitated lines too.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.record import Record

_ANY_NAME = re.compile(r"\(\?P<user_name>(?P<held>(?:\.|\[\^\(\)\])\*)\)")
_WIDE = re.compile(r"(?<!\\)(?:\.|\[\^[^\] ]*\])(?:[*+?{]|\|)")
_SOME = re.compile(r"(?<!\\)(\[(?!\^)[^\]]+\])[*+{]")
_LOOSE_END = re.compile(_ANY_NAME.pattern + r"(?:\\.|[^\\()[])[?*]")
_CHOICE = re.compile(r"\((?:\?:|\?P<[a-z_]+>)([^\[\](){}.*+?^$\\]+)\)(?![*?{])")
# A quantifier makes the character before it optional or repeated.
_PLAIN = re.compile(r"(?:\\([^0-9A-Za-z])|([^\[\](){}.*+?|^$\\]))(?![*+?{])")
ADDRESS_OR_NAME = (
    r"(?:(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*)(?:%[0-9A-Za-z_.-]+)?|[0-9A-Za-z_.-]*)"
)
"""Where a name may stand in the place of an address, an address must look like one."""
OWN = "own"
"""The group of formats that the user described; they are asked before all others."""
GROUPS = {
    OWN: "Your own",
    "mail": "Mail",
    "hosts": "Hosts and files",
    "windows": "Windows and its domains",
    "identity": "Identity providers and directories",
    "cloud": "Cloud services",
    "network": "Remote access and networks",
    "web": "Web servers and panels",
    "apps": "Web applications",
    "data": "Databases and search",
    "chat": "Telephony and chat",
    "home": "Media and home",
    "normalised": "Already normalised",
}
"""In the order in which they are listed."""
_ADDRESS = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3})"


@dataclass(frozen=True)
class Rule:
    r"""One kind of line.

    :param name: what the line is, for ``explain`` and the samples; unique in its format
    :param pattern: RE2, ``^…$``; at least one group that always takes part, where the line is a sign-in
    :param outcome: one of ``model.login.OUTCOMES``; empty: the line is known and is no sign-in of its own
    :param reason: one of ``model.login.REASONS``; None for a success
    :param witness: see ``model.login.LINES``
    :param constants: columns that this kind of line always has
    """

    name: str
    pattern: str
    outcome: str = ""
    reason: str | None = None
    witness: str | None = None
    constants: Mapping[str, str | bool] = field(default_factory=dict)

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """The literal texts one of which every match begins with; other lines need not be tried. ``""``: all must."""
        body = self.pattern.removeprefix("^")
        if _top_level_alternation(body):
            return ("",)
        choice = _CHOICE.match(body)
        if choice is not None and "|" in choice[1]:
            return tuple(choice[1].split("|"))
        return (_literal(body)[0],)

    @property
    def prefix(self) -> str:
        """The literal text that every match begins with; empty where there are several."""
        return self.prefixes[0] if len(self.prefixes) == 1 else ""

    @cached_property
    def quick_pattern(self) -> str:
        """The pattern with plain names and IPv4 addresses only, tried first: the engine reads it four times as fast.

        Where it matches it captures what ``pattern`` captures, since a plain name cannot hold
        what follows a name (``tests/test_format_laws.py`` holds every rule to that). Empty where the pattern has no
        such group, and where something else in it may hold what stands before or behind a name, or what follows the
        name may be missing: that could take what a plain name leaves.
        """
        if _WIDE.search(_ANY_NAME.sub("", self.pattern)) or _LOOSE_END.search(self.pattern):
            return ""
        for name in _ANY_NAME.finditer(self.pattern):
            before, behind = self.pattern[: name.start()], self.pattern[name.end() :]
            for around, text in ((before, _ending(before)), (behind, _literal(behind)[0])):
                if text and re.fullmatch(name["held"], text) and _takes(around, text + " "):
                    return ""
        quick = _ANY_NAME.sub(r"(?P<user_name>[!-'*+.-;=?-~-]+)", self.pattern).replace(ADDRESS_OR_NAME, _ADDRESS)
        return quick if quick != self.pattern else ""

    @cached_property
    def rests(self) -> tuple[str, ...]:
        """``quick_pattern`` where there is one, and ``pattern``, of what follows the prefix."""
        patterns = [pattern for pattern in (self.quick_pattern, self.pattern) if pattern]
        if not self.prefix:
            return tuple(patterns)
        return tuple("^" + _literal(pattern.removeprefix("^"))[1] for pattern in patterns)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The columns that the pattern captures."""
        return tuple(re.findall(r"\(\?P<([a-z_]+)>", self.pattern))


def _takes(pattern: str, text: str) -> bool:
    """Whether a class of the pattern that may be repeated can hold the whole text."""
    return any(re.fullmatch(f"{some}*", text) for some in _SOME.findall(pattern))


def _ending(body: str) -> str:
    """The plain text that a pattern ends with."""
    told = (_literal(body[at:]) for at in range(len(body)))
    return next((text for text, rest in told if not rest), "")


def _literal(body: str) -> tuple[str, str]:
    """The plain text that a pattern begins with, and the pattern behind it."""
    text, at = "", 0
    while (found := _PLAIN.match(body, at)) is not None:
        text += found[1] or found[2]
        at = found.end()
    return text, body[at:]


def _top_level_alternation(body: str) -> bool:
    depth, escaped, in_class = 0, False, False
    for character in body:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "|" and depth == 0:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Table:
    """What a whole-line format made of a batch.

    :param rows: columns of ``model.login.parsed_schema()`` (missing ones are null), plus ``line``: the position in
        the batch (UInt32)
    :param ignored: positions of lines that are known and are no sign-ins (a CSV header)
    """

    rows: pl.DataFrame
    ignored: pl.Series


@dataclass(frozen=True)
class Format:
    """A product's way of writing sign-ins; it may have several.

    Lines of text have ``programs`` and ``rules``: their messages lie in an envelope (syslog, journal) that was taken
    off before, or in one of the product's own ``envelopes``. Objects and tables have ``records``. A format that is
    neither has ``parse`` and sees the bare lines.

    :param name: short, lower case; also the name of its file and of its sample file
    :param title: as people call the product
    :param group: among which it is listed: one of ``GROUPS``
    :param programs: the names under which it writes to syslog; text formats need one. After the first, one ``*`` in a
        name stands for anything, where administrators choose it
    :param rules: in the order in which they are tried
    :param envelopes: of its own log files; each should look into the message far enough to fit no other product
    :param records: objects and tables that it writes
    :param values: for a column, what the log says -> what we say
    :param gives: the columns of ``logins`` that ``parse`` fills; rules and records tell theirs themselves
    :param lacks: what it cannot tell, in one sentence, for the docs
    :param parse: (lines, first lines of the log) -> what they say; a table has its header there, which stands among
        the lines only in the log's first batch
    :param general: it reads what somebody brought into common words; asked where no product's own format knows better
    :param takes: (file name, first lines) -> whether this format reads that log; asked of whole-line formats, in order
    """

    name: str
    title: str
    group: str = ""
    programs: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    records: tuple[Record, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    gives: tuple[str, ...] = ()
    lacks: str = ""
    parse: Callable[[pl.Series, str], Table] | None = None
    takes: Callable[[str, pl.Series], bool] | None = None
    general: bool = False

    @cached_property
    def _chosen(self) -> tuple[tuple[str, str], ...]:
        """What stands before and behind the ``*`` of its programs."""
        return tuple((before, after) for before, star, after in (name.partition("*") for name in self.programs) if star)

    def wrote(self, program: str) -> bool:
        """Whether a program is one of its own."""
        return program in self.programs or any(
            program.startswith(before) and program.endswith(after) and len(program) >= len(before) + len(after)
            for before, after in self._chosen
        )
