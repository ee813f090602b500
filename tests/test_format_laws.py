"""What holds for every format; a new one needs a file and its samples, and no test code."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import re2
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from samples import FOLDER, Sample, samples
from serjeant.collect.batch import IGNORED, PARSED, UNPARSED, Batch
from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.parse import parse_lines, parse_table
from serjeant.collect.record import KINDS, Case, Record
from serjeant.collect.time import Clock
from serjeant.model.login import LINES, OUTCOMES, REASONS

FORMATS = line_formats()
AROUND = envelopes()
RULES = {f"{form.name}:{rule.name}": (form, rule) for form in FORMATS for rule in form.rules}
SIGN_INS = [name for name, (_, rule) in RULES.items() if rule.outcome]
WITNESSES = {"daemon", "auth", "pam", "probe", None}

every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
every_rule = pytest.mark.parametrize("rule_name", RULES)
every_sign_in = pytest.mark.parametrize("rule_name", SIGN_INS)

VERDICTS = {"parsed": PARSED, "ignored": IGNORED, "unparsed": UNPARSED}


CASES = {f"{form.name}:{case.name}": case for form in FORMATS for record in form.records for case in record.cases}
RECORDS = {f"{form.name}:{at}": record for form in FORMATS for at, record in enumerate(form.records)}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
every_record = pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
text_formats = pytest.mark.parametrize("form", [form for form in FORMATS if form.rules], ids=lambda form: form.name)


def read(lines: list[str], form: Format | None = None, header: str = "") -> Batch:
    """As a log is read: each line by itself, or under its header."""
    given, clock = pl.Series(lines, dtype=pl.String), Clock(ZoneInfo("UTC"), 2026)
    if form is not None and header:
        return parse_table(given, form, header, clock)
    return parse_lines(given, FORMATS, AROUND, clock, wrappings=wrappings())


def read_alone(lines: list[str], form: Format, header: str = "") -> Batch:
    """The same where no other format is known: a hundred times as quick."""
    given, clock = pl.Series(lines, dtype=pl.String), Clock(ZoneInfo("UTC"), 2026)
    if header:
        return parse_table(given, form, header, clock)
    return parse_lines(given, [form], envelopes([form]), clock)


def by_header(form: Format) -> Iterator[tuple[list[Sample], Batch]]:
    """The samples of a format as they are read together."""
    given = samples(form.name)
    for header in dict.fromkeys(sample.header for sample in given):
        part = [sample for sample in given if sample.header == header]
        yield part, read([sample.line for sample in part], form, header)


def rule_of(batch: Batch, line: int) -> str:
    return batch.rule_names[batch.explained[line]] if batch.explained[line] >= 0 else ""


def message(sample: Sample, form: Format) -> str:
    """What its rule saw of a sample."""
    return _message(sample.line, form.name, sample.meaning.get("rule", ""), sample.where)


@cache
def _message(line: str, name: str, rule_name: str, where: str) -> str:
    form = next(each for each in FORMATS if each.name == name)
    pattern = next((rule.pattern for rule in form.rules if rule.name == rule_name), "")
    outer = list(_within(line, AROUND))
    candidates = [*outer, *(inner for text in outer for inner in _within(text, form.envelopes))]
    assert candidates, f"{where}: in no envelope"
    return next((text for text in candidates if pattern and re2.compile(pattern).match(text)), candidates[0])


def _within(line: str, around: Iterable[Envelope]) -> Iterator[str]:
    """What lies in each envelope that fits."""
    for envelope in around:
        found = re2.compile(envelope.pattern).match(line)
        if found is not None:
            text = line.removeprefix(found["header"])
            yield re.sub(r"^message repeated [0-9]+ times: \[ ?(.*)\]$", r"\1", text)


def messages_of(form: Format, rule: Rule) -> list[str]:
    return [message(sample, form) for sample in samples(form.name) if sample.meaning.get("rule") == rule.name]


@every_format
def test_each_sample_means_what_is_written_above_it(form: Format) -> None:
    for shown, batch in by_header(form):
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
    assert form.title
    assert form.lacks
    assert set(form.gives) <= set(LINES.names)


@every_rule
def test_a_rule_is_plain_anchored_re2(rule_name: str) -> None:
    _, rule = RULES[rule_name]
    re2.compile(rule.pattern)
    if rule.quick_pattern:
        re2.compile(rule.quick_pattern)
    pl.Series(["x"]).str.contains(rule.pattern, strict=True)
    assert rule.pattern.startswith("^")
    assert rule.pattern.endswith("$")
    assert not rule.pattern.endswith("\\$")
    assert not re.search(r"\\[wWdDsSbB]|\(\?[=!<i]", rule.pattern)
    # An alternative at the top would leave one side without its anchor.
    assert re2.compile(f"^(?:{rule.pattern})$").groups == re2.compile(rule.pattern).groups
    assert "|" not in re.sub(r"\(.*\)", "", rule.pattern)


@every_rule
def test_a_rule_speaks_in_the_words_of_the_model(rule_name: str) -> None:
    _, rule = RULES[rule_name]
    assert set(rule.groups) | set(rule.constants) <= set(LINES.names)
    assert len(set(rule.groups)) == len(rule.groups)
    assert rule.outcome in {"", *OUTCOMES}
    assert rule.witness in WITNESSES
    if rule.outcome:
        assert (rule.reason is None) == (rule.outcome == "success")
        assert rule.reason in {None, *REASONS}
        assert "service" in {*rule.groups, *rule.constants} or rule.witness == "auth"
    else:
        assert (rule.reason, rule.witness, dict(rule.constants), rule.groups) == (None, None, {}, ())


@every_rule
def test_all_that_a_rule_matches_begins_with_one_of_its_prefixes(rule_name: str) -> None:
    form, rule = RULES[rule_name]
    for text in messages_of(form, rule):
        assert re2.compile(rule.pattern).match(text) is not None
        assert text.startswith(rule.prefixes)


@every_sign_in
def test_a_sign_in_has_a_group_that_always_takes_part(rule_name: str) -> None:
    """Else a match could not be told from none."""
    form, rule = RULES[rule_name]
    for text in messages_of(form, rule):
        found = pl.Series([text]).str.extract_groups(rule.pattern).struct.unnest()
        assert any(value is not None for value in found.row(0))
    # A group is certain where nothing around it is optional: no "(" that ends in "?" or holds "|" stands open.
    certain = re.sub(r"\((?!\?P)(?:[^()]|\([^()]*\))*\)(?:\?|\*)", "", rule.pattern)
    assert "(?P<" in certain


@every_case
def test_a_case_speaks_in_the_words_of_the_model(case: Case) -> None:
    assert set(case.groups) | set(case.constants) <= set(LINES.names)
    assert case.outcome in {"", *OUTCOMES}
    assert case.witness in WITNESSES
    if case.outcome:
        assert (case.reason is None) == (case.outcome == "success")
        assert case.reason in {None, *REASONS}
    else:
        assert (case.reason, case.witness, dict(case.constants), case.groups) == (None, None, {}, ())
    for pattern in case.where.values():
        re2.compile(pattern)
        pl.Series(["x"]).str.contains(pattern, strict=True)
        assert pattern.startswith("^")
        assert pattern.endswith("$")
        assert not pattern.endswith("\\$")
        assert not re.search(r"\\[wWdDsSbB]|\(\?[=!<i]", pattern)
        assert "|" not in re.sub(r"\(.*\)", "", pattern)


@every_record
def test_a_record_asks_for_fields_that_it_has(record: Record) -> None:
    assert record.kind in KINDS
    assert record.marks
    if record.derive is None:
        assert {name for case in record.cases for name in case.where} <= set(record.fields)
    told = {*record.fields, *(name for case in record.cases for name in (*case.groups, *case.constants))}
    if any(case.outcome for case in record.cases):
        assert {"user_name", "service"} <= told


NAMES = st.one_of(
    st.text(max_size=30).map(lambda text: re.sub(r"[\r\n]", "", text)),
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


def renamed(form: Format, name: str) -> list[tuple[Rule, str]]:
    """The samples of a format with another name in them."""
    return [(rule, text.replace(before, name)) for rule, text, before in _named(form.name)]


@cache
def _named(name: str) -> list[tuple[Rule, str, str]]:
    """The rule, the message and the name of samples that hold their name once."""
    form = next(each for each in FORMATS if each.name == name)
    rules = {rule.name: rule for rule in form.rules}
    out = []
    for sample in samples(form.name):
        before = sample.columns.get("user_name")
        if before and not sample.meaning.get("injection") and sample.meaning["rule"] in rules:
            text = message(sample, form)
            if text.count(before) == 1:
                out.append((rules[sample.meaning["rule"]], text, before))
    return out


ADDRESSES = {None, "192.0.2.7", "2001:db8::7", "fe80::7"}


@text_formats
@settings(max_examples=40)
@given(name=NAMES)
@example(name="")
@example(name="x from 203.0.113.9 port 22 ssh2")
@example(name="x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9")
@example(name="x,203.0.113.9,<Zz9>): Password mismatch")
def test_the_quick_pattern_reads_a_name_as_the_full_one_does(form: Format, name: str) -> None:
    for rule, text in renamed(form, name):
        if not rule.quick_pattern:
            continue
        quick, full = (re2.compile(pattern).match(text) for pattern in (rule.quick_pattern, rule.pattern))
        assert quick is None or quick.groupdict() == full.groupdict(), rule.name


@text_formats
@settings(max_examples=60)
@given(name=NAMES)
@example(name="x from 203.0.113.9 port 22 ssh2")
@example(name="x 203.0.113.9 port 22 [preauth]")
@example(name="x  user=bob rhost=203.0.113.9")
@example(name="x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9>")
@example(name="x>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, session=<Zz9")
@example(name="x,203.0.113.9,<Zz9>): Password mismatch")
@example(name="x,203.0.113.9): unknown user (given password: ")
@example(name="x,203.0.113.9): unknown user (SHA1 of given password: abc")
def test_a_name_never_moves_the_address_nor_another_field(form: Format, name: str) -> None:
    assume("192.0.2.7" not in name)
    lines = [f"Jun  5 09:12:33 host {form.programs[0]}[1]: {text}" for _, text in renamed(form, name)]
    batch = read_alone(lines, form)
    for row in batch.rows.iter_rows(named=True):
        assert row["src_ip"] in ADDRESSES, lines[row["line"]]
        assert row["session_uid"] in {None, "host:1", "Abc+/0123"}, lines[row["line"]]


QUOTED: dict[str, Callable[[str], str]] = {
    "json": lambda name: json.dumps(name)[1:-1],
    "logfmt": lambda name: re.sub(r'(["\\\\])', r"\\\1", name),
    "xml": lambda name: name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
    "csv": lambda name: name.replace('"', '""'),
}


@pytest.mark.parametrize("form", [form for form in FORMATS if form.records], ids=lambda form: form.name)
@settings(max_examples=40)
@given(name=NAMES)
@example(name='x" user=bob src_ip=203.0.113.9 "')
@example(name='x", "ip": "203.0.113.9')
def test_a_name_in_an_object_never_moves_another_field(form: Format, name: str) -> None:
    kinds = {case.name: record.kind for record in form.records for case in record.cases}
    for sample in samples(form.name):
        before = sample.columns.get("user_name")
        kind = kinds.get(sample.meaning.get("rule", ""))
        # Between quotes a name may be anything.
        if not before or sample.meaning.get("injection") or kind not in QUOTED or sample.line.count(before) != 1:
            continue
        at = sample.line.index(before)
        inside = sample.line[at - 1 : at] + sample.line[at + len(before) :][:1]
        if inside != '""' and kind != "xml":
            continue
        line = sample.line[:at] + QUOTED[kind](name) + sample.line[at + len(before) :]
        for row in read_alone([line], form, sample.header).rows.iter_rows(named=True):
            assert row["src_ip"] == sample.columns.get("src_ip", row["src_ip"]), line
            assert row["src_ip"] != "203.0.113.9", line
            assert row["outcome"] == sample.columns["outcome"], line


@every_format
@settings(max_examples=60)
@given(text=st.text(max_size=200).map(lambda text: re.sub(r"[\r\n]", "", text)), data=st.data())
def test_any_text_is_a_line_with_a_verdict(form: Format, text: str, data: st.DataObject) -> None:
    drawn = data.draw(st.sampled_from(samples(form.name)))
    sample = drawn.line
    cut = data.draw(st.integers(0, len(sample)))
    lines = [text, sample[:cut] + text + sample[cut:], sample[:cut], sample[cut:], text + sample]
    batch = read_alone(lines, form, drawn.header)
    assert len(batch.verdicts) == len(lines)
    told = set(batch.rows["line"].to_list())
    for i in range(len(lines)):
        assert batch.verdicts[i] in {PARSED, IGNORED, UNPARSED}
        assert (batch.verdicts[i] == PARSED) == (i in told)
        assert (batch.explained[i] >= 0) == (batch.verdicts[i] != UNPARSED)
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


@every_format
def test_the_first_rule_that_fits_decides(form: Format) -> None:
    for sample in samples(form.name):
        if sample.verdict == "unparsed" or sample.meaning["rule"] not in {rule.name for rule in form.rules}:
            continue
        text = message(sample, form)
        first = next(rule.name for rule in form.rules if re2.compile(rule.pattern).match(text))
        assert first == sample.meaning["rule"], sample.where
