"""What holds for every format; a new one needs a file and its samples, and no test code."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import re2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from samples import FOLDER, Sample, samples
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch
from serjeant.collect.envelope import Envelope
from serjeant.collect.format import GROUPS, Format, Rule
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.parse import parse_lines, parse_table
from serjeant.collect.record import KINDS, Case
from serjeant.collect.time import Clock
from serjeant.model.login import HOPS, LINES, OUTCOMES, REASONS

FORMATS = line_formats()
AROUND = envelopes()
WITNESSES = {"daemon", "auth", "pam", "probe", None}
VERDICTS = {"parsed": PARSED, "ignored": IGNORED, "unparsed": UNPARSED}

compiled = cache(re2.compile)


def one_for_each(formats: Iterable[Format]) -> pytest.MarkDecorator:
    """Never one for each rule: there are thousands, and a test costs more than what it would ask of one."""
    return pytest.mark.parametrize("form", list(formats), ids=lambda form: form.name)


every_format = one_for_each(FORMATS)
text_formats = one_for_each(form for form in FORMATS if form.rules)
object_formats = one_for_each(form for form in FORMATS if form.records)


def read(lines: list[str], form: Format | None = None, header: str = "") -> Batch:
    """As a log is read: each line by itself, or under its header."""
    given, clock = pl.Series(lines, dtype=pl.String), Clock(ZoneInfo("UTC"), 2026)
    if form is not None and header:
        return parse_table(given, form, header, clock)
    return parse_lines(given, FORMATS, AROUND, clock, wrappings=wrappings())


def read_alone(lines: list[str], form: Format, header: str = "") -> Batch:
    """The same where no other format is known: much quicker, and a look costs more than a line."""
    given, clock = pl.Series(lines, dtype=pl.String), Clock(ZoneInfo("UTC"), 2026)
    if header:
        return parse_table(given, form, header, clock)
    return parse_lines(given, [form], envelopes([form]), clock)


def by_header(given: Iterable[Sample]) -> Iterator[tuple[str, list[Sample]]]:
    """The samples that are read together."""
    for header, part in groupby(sorted(given, key=lambda sample: sample.header), key=lambda sample: sample.header):
        yield header, list(part)


def rule_of(batch: Batch, line: int) -> str:
    return batch.rule_names[batch.explained[line]] if batch.explained[line] >= 0 else ""


@cache
def messages(name: str) -> list[tuple[Sample, Rule, str]]:
    """The samples of a format that a rule decides, the rule, and what it saw."""
    form = next(form for form in FORMATS if form.name == name)
    rules = {rule.name: rule for rule in form.rules}
    told = [(sample, rules.get(sample.meaning.get("rule", ""))) for sample in samples(name)]
    return [(sample, rule, _message(sample, form, rule)) for sample, rule in told if rule is not None]


def _message(sample: Sample, form: Format, rule: Rule) -> str:
    outer = list(_within(sample.line, envelopes([form]))) or list(_within(sample.line, AROUND))
    candidates = [*outer, *(inner for text in outer for inner in _within(text, form.envelopes))]
    assert candidates, f"{sample.where}: in no envelope"
    return next((text for text in candidates if compiled(rule.pattern).match(text)), candidates[0])


def _within(line: str, around: Iterable[Envelope]) -> Iterator[str]:
    """What lies in each envelope that fits."""
    for envelope in around:
        found = compiled(envelope.pattern).match(line)
        if found is not None:
            text = line.removeprefix(found["header"])
            yield re.sub(r"^message repeated [0-9]+ times: \[ ?(.*)\]$", r"\1", text)


@every_format
def test_each_sample_means_what_is_written_above_it(form: Format) -> None:
    for header, shown in by_header(samples(form.name)):
        batch = read([sample.line for sample in shown], form, header)
        rows = {row["line"]: row for row in batch.rows.iter_rows(named=True)}
        for i, sample in enumerate(shown):
            assert batch.verdicts[i] == VERDICTS[sample.verdict], sample.where
            assert (i in rows) == (sample.verdict == "parsed"), sample.where
            if sample.verdict != "unparsed":
                assert rule_of(batch, i) == f"{form.name}:{sample.meaning['rule']}", sample.where
            for column, value in sample.columns.items():
                told = rows[i][column].isoformat() if column == "time" else rows[i][column]
                assert told == value, f"{sample.where}: {column}"
            if sample.verdict == "parsed":
                assert {"outcome", "reason"} & sample.columns.keys() == {"outcome", "reason"}, sample.where
                assert "user_name" in sample.columns, sample.where


@every_format
def test_each_rule_has_a_sample_and_no_sample_is_left_without_one(form: Format) -> None:
    shown = {sample.meaning["rule"] for sample in samples(form.name) if sample.verdict != "unparsed"}
    cases = {case.name for record in form.records for case in record.cases}
    assert shown == {rule.name for rule in form.rules} | cases


@every_format
def test_somebody_tried_to_deceive_it(form: Format) -> None:
    deceits = [sample for sample in samples(form.name) if sample.meaning.get("injection")]
    assert deceits
    for sample in deceits:
        assert sample.columns.get("src_ip") != "203.0.113.9", sample.where


@every_format
def test_there_is_a_sample_file_for_the_format_and_its_rules_have_names_of_their_own(form: Format) -> None:
    assert (FOLDER / f"{form.name}.log").is_file()
    assert [name for name, times in Counter(rule.name for rule in form.rules).items() if times > 1] == []
    for record in form.records:
        assert [name for name, times in Counter(case.name for case in record.cases).items() if times > 1] == []
    assert form.programs or not form.rules
    assert {envelope.program for envelope in form.envelopes} <= set(form.programs)
    assert not any("*" in name for name in form.programs[:1]), "the first is a name"
    assert all(name.count("*") <= 1 and len(name) > 3 for name in form.programs if "*" in name)
    assert form.title
    assert form.lacks
    assert form.group in GROUPS
    assert not form.gives, "rules and records tell what they give"


@text_formats
def test_each_rule_is_plain_anchored_re2(form: Format) -> None:
    for rule in form.rules:
        _plain_anchored_re2(rule.pattern, rule.name)
        if rule.quick_pattern:
            compiled(rule.quick_pattern)
        # An alternative at the top would leave one side without its anchor.
        assert re2.compile(f"^(?:{rule.pattern})$").groups == compiled(rule.pattern).groups, rule.name


def _plain_anchored_re2(pattern: str, where: str) -> None:
    compiled(pattern)
    pl.Series(["x"]).str.contains(pattern, strict=True)
    assert pattern.startswith("^"), where
    assert pattern.endswith("$"), where
    assert not pattern.endswith("\\$"), where
    assert not re.search(r"\\[wWdDsSbB]|\(\?[=!<i]", pattern), where
    # None between what stands in parentheses, but for bars that mean themselves.
    assert "|" not in re.sub(r"\\.|\[\^?\]?[^\]]*\]|\(.*\)", "", pattern), where


@text_formats
def test_each_rule_speaks_in_the_words_of_the_model(form: Format) -> None:
    for rule in form.rules:
        _words_of_the_model(rule)
        assert len(set(rule.groups)) == len(rule.groups), rule.name
        if rule.outcome:
            assert "service" in {*rule.groups, *rule.constants} or rule.witness == "auth", rule.name


def _words_of_the_model(told: Rule | Case) -> None:
    assert set(told.groups) | set(told.constants) <= {*LINES.names, *HOPS}, told.name
    assert told.outcome in {"", *OUTCOMES}, told.name
    assert told.witness in WITNESSES, told.name
    if told.outcome:
        assert (told.reason is None) == (told.outcome == "success"), told.name
        assert told.reason in {None, *REASONS}, told.name
    else:
        assert (told.reason, told.witness, dict(told.constants), told.groups) == (None, None, {}, ()), told.name


@text_formats
def test_all_that_a_rule_matches_begins_with_one_of_its_prefixes(form: Format) -> None:
    for sample, rule, text in messages(form.name):
        assert compiled(rule.pattern).match(text) is not None, sample.where
        assert text.startswith(rule.prefixes), sample.where


@text_formats
def test_a_sign_in_has_a_group_that_always_takes_part(form: Format) -> None:
    """Else a match could not be told from none."""
    for rule in form.rules:
        if rule.outcome:
            texts = [text for _, shown, text in messages(form.name) if shown is rule]
            found = pl.Series(texts, dtype=pl.String).str.extract_groups(rule.pattern).struct.unnest()
            assert found.select(pl.any_horizontal(pl.all().is_not_null())).to_series().all(), rule.name
            # A group is certain where nothing around it is optional: no "(" that ends in "?" or holds "|" stands open.
            certain = re.sub(r"\((?!\?P)(?:[^()]|\([^()]*\))*\)(?:\?|\*)", "", rule.pattern)
            assert "(?P<" in certain, rule.name


@object_formats
def test_each_case_speaks_in_the_words_of_the_model(form: Format) -> None:
    for case in (case for record in form.records for case in record.cases):
        _words_of_the_model(case)
        for name, pattern in case.where.items():
            _plain_anchored_re2(pattern, f"{case.name}: {name}")


@object_formats
def test_a_record_asks_for_fields_that_it_has(form: Format) -> None:
    for at, record in enumerate(form.records):
        assert record.kind in KINDS, at
        assert record.marks, at
        if record.derive is None:
            assert {name for case in record.cases for name in case.where} <= set(record.fields), at
        told = {*record.fields, *(name for case in record.cases for name in (*case.groups, *case.constants))}
        if any(case.outcome for case in record.cases):
            assert {"user_name", "service"} <= told, at


def on_one_line(text: str) -> str:
    return re.sub(r"[\r\n]", "", text)


NAMES = st.one_of(
    st.text(max_size=30).map(on_one_line),
    st.lists(
        st.sampled_from(
            [
                " from 203.0.113.9 port 22 ssh2",
                " 203.0.113.9 port 22 [preauth]",
                "invalid user ",
                ">, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9>",
                ">, rip=203.0.113.9",
                ",203.0.113.9,<Zz9>): Password mismatch",
                "): unknown user",
                "  user=bob rhost=203.0.113.9",
                " (auth failed, 99 attempts in 1 secs): user=<",
                " (given password: ",
                ")",
                "(",
                "<",
                "root",
                " ",
                ",",
                "ssh2",
                "%eth0",
                ": ",
                "'",
                "$",
            ]
        ),
        max_size=5,
    ).map("".join),
)
MANY = st.lists(NAMES, min_size=16, max_size=16)
"""Drawn together, since they are read together."""


class Named(NamedTuple):
    """A sample that holds its name once: what its rule saw before the name and behind it."""

    rule: Rule
    before: str
    name: str
    after: str


@cache
def named(name: str) -> list[Named]:
    out = []
    for sample, rule, text in messages(name):
        user_name = sample.columns.get("user_name")
        if user_name and not sample.meaning.get("injection") and text.count(user_name) == 1:
            before, after = text.split(user_name)
            out.append(Named(rule, before, user_name, after))
    return out


def renamed(form: Format, names: Iterable[str]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """These samples with each of the names: the line, and the rows of the line and of the sample as it was."""
    shown = [each for each in named(form.name) if f"{form.name}:{each.rule.name}" not in UNDECIDABLE]
    begins = f"Jun  5 09:12:33 host {form.programs[0]}[1]: "
    lines = [begins + each.before + each.name + each.after for each in shown]
    quoted = ESCAPED.get(form.name, str)
    lines += [begins + each.before + quoted(name) + each.after for name in names for each in shown]
    rows = {row["line"]: row for row in read_alone(lines, form).rows.iter_rows(named=True)}
    for line in range(len(shown), len(lines)):
        if line in rows:
            yield lines[line], rows[line], rows[line % len(shown)]


ESCAPED: dict[str, Callable[[str], str]] = {
    "auditd": lambda name: name if re.match("^[!#-~]*$", name) else name.encode().hex().upper(),
    "cisco_ise": lambda name: re.sub(r"([,\\])", r"\\\1", name),
}
"""Products in whose lines of text a name does not stand as it was typed."""

UNDECIDABLE = {
    "llng:wrong_no_address": "some modules write no address, and then a name may end like the lines of the others",
    "postfix:login": "it is written after the sign-in, so that the name is an account's",
    "login:login_on": "who sits at the machine has no address; and was let in, so that the name is an account's",
}


@text_formats
@settings(max_examples=4)
@given(names=MANY)
@example(
    names=[
        "",
        "x from 203.0.113.9 port 22 ssh2",
        "x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9",
        "x,203.0.113.9,<Zz9>): Password mismatch",
    ]
)
def test_the_quick_pattern_reads_a_name_as_the_full_one_does(form: Format, names: list[str]) -> None:
    for rule, before, _, after in named(form.name):
        for name in names if rule.quick_pattern else ():
            line = before + name + after
            quick, full = (compiled(pattern).match(line) for pattern in (rule.quick_pattern, rule.pattern))
            assert quick is None or quick.groupdict() == full.groupdict(), rule.name


@text_formats
def test_the_quick_pattern_is_not_misled_by_what_stands_around_a_name(form: Format) -> None:
    """Whatever ends before a name, or begins behind it, is tried as a part of the name."""
    for rule, before, _, after in named(form.name):
        for cut in range(max(1, len(before), len(after))) if rule.quick_pattern else ():
            for name in (f"x{before[cut:]}alice", f"alice{after[:cut]}x"):
                line = before + name + after
                quick, full = (compiled(pattern).match(line) for pattern in (rule.quick_pattern, rule.pattern))
                assert quick is None or quick.groupdict() == full.groupdict(), (rule.name, line)


@text_formats
@settings(max_examples=5)
@given(names=MANY)
@example(
    names=[
        "x from 203.0.113.9 port 22 ssh2",
        "x 203.0.113.9 port 22 [preauth]",
        "x  user=bob rhost=203.0.113.9",
        "x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9>",
        "x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9",
        "x,203.0.113.9,<Zz9>): Password mismatch",
        "x,203.0.113.9): unknown user (given password: ",
        "x,203.0.113.9): unknown user (SHA1 of given password: abc",
    ]
)
def test_a_name_never_moves_the_address_nor_another_field(form: Format, names: list[str]) -> None:
    for line, row, own in renamed(form, names):
        assert row["src_ip"] in {None, own["src_ip"]}, line
        assert row["src_port"] in {None, own["src_port"]}, line
        assert row["session_uid"] in {None, own["session_uid"]}, line
        assert row["forwarded"] in {None, own["forwarded"]}, line
        assert row["peer"] in {None, own["peer"]}, line


@text_formats
def test_a_name_that_imitates_a_line_is_not_believed(form: Format) -> None:
    """Whatever the product writes behind a name, or as a whole line, is tried as a part of the name."""
    lies = {lie for each in named(form.name) for lie in _lies(each)}
    for line, row, own in renamed(form, lies):
        assert row["src_ip"] in {None, own["src_ip"]}, line
        assert row["session_uid"] in {None, own["session_uid"]}, line
        assert row["forwarded"] in {None, own["forwarded"]}, line
        assert row["peer"] in {None, own["peer"]}, line
        assert row["outcome"] != "success" or own["outcome"] == "success", line


def _lies(each: Named) -> Iterator[str]:
    after, whole = (
        re.sub(r"192\.0\.2\.7\b|(?:2001:db8|fe80)::7\b", "203.0.113.9", text)
        for text in (each.after, each.before + each.name + each.after)
    )
    yield from ("x" + after, "x" + after + " ", "x " + whole)


QUOTED: dict[str, Callable[[str], str]] = {
    "json": lambda name: json.dumps(name)[1:-1],
    "logfmt": lambda name: re.sub(r'(["\\\\])', r"\\\1", name),
    "xml": lambda name: name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    "csv": lambda name: name.replace('"', '""'),
}


def quotable(form: Format) -> Iterator[tuple[Sample, str, str, str]]:
    """Samples that hold their name once, and where it may be anything: the kind, and what is around the name."""
    kinds = {case.name: record.kind for record in form.records for case in record.cases}
    for sample in samples(form.name):
        name = sample.columns.get("user_name")
        kind = kinds.get(sample.meaning.get("rule", ""))
        if name and not sample.meaning.get("injection") and kind in QUOTED and sample.line.count(name) == 1:
            before, after = sample.line.split(name)
            if before[-1:] + after[:1] == '""' or kind == "xml":
                yield sample, kind, before, after


@object_formats
@settings(max_examples=3)
@given(names=MANY)
@example(names=['x" user=bob src_ip=203.0.113.9 "', 'x", "ip": "203.0.113.9'])
def test_a_name_in_an_object_never_moves_another_field(form: Format, names: list[str]) -> None:
    changed: dict[str, list[tuple[Sample, str]]] = {}
    for sample, kind, before, after in quotable(form):
        some = changed.setdefault(sample.header, [])
        some.extend((sample, before + QUOTED[kind](name) + after) for name in names)
    for header, lines in changed.items():
        for row in read_alone([line for _, line in lines], form, header).rows.iter_rows(named=True):
            sample, line = lines[row["line"]]
            assert row["src_ip"] == sample.columns.get("src_ip", row["src_ip"]), line
            assert row["src_ip"] != "203.0.113.9", line
            assert row["outcome"] == sample.columns["outcome"], line


@every_format
@settings(max_examples=4)
@given(data=st.data())
def test_any_text_is_a_line_with_a_verdict(form: Format, data: st.DataObject) -> None:
    header, shown = data.draw(st.sampled_from(list(by_header(samples(form.name)))))
    cuts = st.tuples(st.sampled_from(shown), st.integers(0, 1_000), st.text(max_size=200).map(on_one_line))
    lines = []
    for sample, place, text in data.draw(st.lists(cuts, min_size=16, max_size=16)):
        cut = len(sample.line) * place // 1_000
        before, after = sample.line[:cut], sample.line[cut:]
        lines += [text, before + text + after, before, after, text + sample.line]
    batch = read_alone(lines, form, header)
    assert len(batch.verdicts) == len(lines)
    told = set(batch.rows["line"].to_list())
    for i in range(len(lines)):
        assert batch.verdicts[i] in {PARSED, IGNORED, UNPARSED}, lines[i]
        assert (batch.verdicts[i] == PARSED) == (i in told), lines[i]
        assert (batch.explained[i] >= 0) == (batch.verdicts[i] != UNPARSED), lines[i]
    for row in batch.rows.iter_rows(named=True):
        assert row["src_ip"] is None or row["src_ip"] in lines[row["line"]]
        assert row["count"] >= 1


@settings(max_examples=80)
@given(
    password=st.one_of(
        st.text(alphabet=st.characters(exclude_characters="\r\n"), min_size=1, max_size=40),
        NAMES.filter(bool),
    ),
    says=st.sampled_from(["Password mismatch", "unknown user", "pam_authenticate() failed: Authentication failure"]),
    form=st.sampled_from(["auth: sql(alice,192.0.2.7,<S>): ", "auth: auth(alice,192.0.2.7,sasl:plain)<S>: sql: "]),
    tail=st.sampled_from(["", " - trying the next passdb"]),
)
@example(
    password="x,203.0.113.9,<Zz9>): unknown user (SHA1 of given password: 1a2b3c",
    says="unknown user",
    form="auth: sql(alice,192.0.2.7,<S>): ",
    tail="",
)
def test_a_password_in_the_log_reaches_no_column(password: str, says: str, form: str, tail: str) -> None:
    secret = f"«{password}»"
    line = f"Jun  5 09:12:33 mail dovecot: {form}{says} (given password: {secret}){tail}"
    batch = read([line])
    for row in batch.rows.iter_rows(named=True):
        assert row["guess_site"] is None
        assert row["guess_account"] is None
        assert row["user_name"] == "alice"
        assert row["src_ip"] == "192.0.2.7"
        assert not any("«" in value or "»" in value for value in row.values() if isinstance(value, str))
    assert "«" not in "".join(batch.rule_names)


@text_formats
def test_the_first_rule_that_fits_decides(form: Format) -> None:
    for sample, rule, text in messages(form.name):
        first = next(each for each in form.rules if compiled(each.pattern).match(text))
        assert first is rule, f"{sample.where}: {first.name}"
