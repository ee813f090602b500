"""app: class Serjeant, the only file that knows the order."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from serjeant import assess
from serjeant.assess.everybody import Everybody
from serjeant.collect import bare, hops
from serjeant.collect.collector import Reading, collect
from serjeant.collect.known import envelopes, formats, wrappings
from serjeant.collect.seal import fingerprints
from serjeant.collect.settle import by_day, named, settle_all
from serjeant.collect.source import Input
from serjeant.collect.sources import files
from serjeant.config import Settings
from serjeant.detect import lines as evidence_lines
from serjeant.detect.campaigns import campaigns
from serjeant.detect.evidence import Evidence, Window, build
from serjeant.detect.hours import hours
from serjeant.detect.run import findings
from serjeant.directory import csv
from serjeant.directory.directory import Directory
from serjeant.directory.networks import source_of
from serjeant.errors import UnreadableError, UsageError
from serjeant.model.account import Account
from serjeant.model.campaign import Campaign
from serjeant.model.incident import Incident, Read, Unread
from serjeant.passwords.compare import comparison, with_passwords
from serjeant.report.writers import document, page
from serjeant.store.engine import Engine
from serjeant.store.expire import expire
from serjeant.store.lake import Lake
from serjeant.store.progress import Tally


@dataclass(frozen=True, slots=True)
class Steps:
    """What long work tells whoever watches it; each may be left out.

    :param read: (log, bytes of it that are in the lake), with the bytes of all logs once at the start
    :param day: (step, day, days in all)
    """

    start: Callable[[Sequence[Input]], None] = lambda _: None
    read: Callable[[Input, int], None] = lambda _log, _bytes: None
    day: Callable[[str, date, int], None] = lambda _step, _day, _days: None


class Serjeant:
    """One organisation, one folder.

    :param out: where the lake and the answers lie
    :param settings: what we want
    """

    def __init__(self, out: Path, settings: Settings) -> None:
        self.out = out
        self.settings = settings
        self.comparison = comparison(settings.passwords)
        self.lake = Lake(out / "lake")
        with self.lake.writing("the report folder"):
            (out / files.OURS).touch()

    def investigate(
        self,
        paths: Sequence[str],
        *,
        now: datetime,
        accounts: Path | None = None,
        window: Window | None = None,
        form: str = "",
        year: int | None = None,
        steps: Steps | None = None,
    ) -> Incident:
        """From logs to who fell: collect, settle, detect, merge, assess.

        :param paths: logs; none: judge what the lake holds
        :param now: the moment of asking
        :param form: read every log as this format
        :raises UnreadableError: when there is nothing to judge
        """
        steps = steps or Steps()
        window = window or Window()
        directory, unread = self._directory(accounts)
        with self._locked(), self._engine() as engine:
            unread += self._collect(paths, now, form, year, steps)
            expire(self.lake, now - self.settings.passwords.keep)
            days = self.lake.days()
            for day in settle_all(self.lake, directory, days):
                steps.day("joining lines into logins", day, len(days))
            self.lake.forget("logins", days)
            self._nothing(paths, unread)
            tables = self._evidence(engine, directory, window, steps, len(days))
            return self._judge(engine, tables, directory, window, now, tuple(unread))

    def judge(self, logins: pl.DataFrame, *, now: datetime, accounts: Path | None = None) -> Incident:
        """From sign-ins that are a table already to who fell: what ``investigate`` does once it has read.

        :param logins: ``model.login.LOGINS``, in any order; whose account a name is, is found out anew
        :raises UnreadableError: when there is none, or the folder holds others already
        """
        if logins.is_empty():
            raise UnreadableError("no sign-in to judge", hint="give at least one")
        directory, unread = self._directory(accounts)
        with self._locked(), self._engine() as engine:
            if self.lake.days():
                raise UnreadableError("holds logins already", where=str(self.out), hint="use another folder")
            for day, rows in by_day(named(logins, directory)):
                self.lake.give(day, rows)
            tables = self._evidence(engine, directory, Window(), Steps(), len(self.lake.days()))
            return self._judge(engine, tables, directory, Window(), now, tuple(unread))

    def write(self, incident: Incident) -> Path:
        """Leaves ``report.html`` and ``incident.json``.

        :return: the report
        """
        report = self.out / "report.html"
        with self.lake.writing("the report"):
            answers = {report: page.render(incident), self.out / "incident.json": document.dumps(incident)}
            for place, text in answers.items():
                fresh = place.with_name(f".{place.name}.new")
                fresh.write_text(text, "utf-8")
                fresh.replace(place)
        return report

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.lake.lock()
        try:
            self.lake.sweep()
            yield
        finally:
            self.lake.unlock()

    @contextmanager
    def _engine(self) -> Iterator[Engine]:
        engine = Engine(self.lake.path)
        try:
            yield engine
        finally:
            engine.close()

    def _directory(self, accounts: Path | None) -> tuple[Directory, list[Unread]]:
        domains = frozenset(self.settings.domains)
        if accounts is None:
            return Directory.empty(domains), []
        return csv.read(accounts, domains)

    def _collect(self, paths: Sequence[str], now: datetime, form: str, year: int | None, steps: Steps) -> list[Unread]:
        inputs, unread = files.find(paths)
        if unread and not inputs:
            raise UnreadableError(unread[0].says, where=unread[0].log, hint="name logs that can be read")
        steps.start(inputs)
        zone = ZoneInfo(self.settings.timezone)
        known = formats(self.settings)
        if form:
            known = tuple(each for each in known if each.name == form)
            if not known:
                raise UsageError(f"there is no format {form!r}", hint="see: serjeant formats")
        # A log that names no program is read only where the user says whose it is.
        alone = tuple(each for one in known if form and one.programs for each in bare.envelopes(one.programs[0]))
        proxies = hops.networks(self.settings.trusted_proxies)
        nonce, bits = self.comparison.nonce, self.settings.passwords.hash_bits
        reading = Reading(
            known, (*envelopes(known), *alone), wrappings(), zone, now, year, bool(form), proxies, nonce, bits
        )
        return unread + collect(self.lake, inputs, reading, steps.read)

    def _nothing(self, paths: Sequence[str], unread: Sequence[Unread]) -> None:
        """An empty answer must not look like a quiet one."""
        if self.lake.days():
            return
        if unread and not self.lake.logs():
            first = unread[0]
            raise UnreadableError(first.says, where=first.log, hint="name logs that can be read")
        lines = sum(log.tally.lines for log in self.lake.logs())
        raise UnreadableError(
            f"no sign-in among {lines} lines of {len(self.lake.logs())} logs",
            hint="see which rule took which line: serjeant formats try FILE",
        )

    def _evidence(self, engine: Engine, directory: Directory, window: Window, steps: Steps, days: int) -> Evidence:
        monitors = [each.rpartition("@") for each in self.settings.monitors]
        sources = source_of(pl.Series([address for _, _, address in monitors], dtype=pl.String))["source"]
        return build(
            self.lake,
            engine,
            directory,
            window=window,
            monitors=[(account, source) for (account, _, _), source in zip(monitors, sources, strict=True)],
            tick=lambda day: steps.day("counting", day, days),
        )

    def _judge(
        self,
        engine: Engine,
        tables: Evidence,
        directory: Directory,
        window: Window,
        now: datetime,
        unread: tuple[Unread, ...],
    ) -> Incident:
        found = findings(tables, self.settings.detect)
        crews = campaigns(found, tables)
        everybody = Everybody(tables.pairs, tables.cells, partial(self._habits, engine))
        used = self._tools_of(engine, crews)
        accesses = assess.accesses(crews, everybody, used)
        crews = assess.with_operators(crews, accesses)
        crews = assess.with_undecided(crews, accesses, everybody, used)
        crews = self._with_passwords(engine, crews, tables)
        judged = assess.assess(accesses, self._lines_of(engine, accesses), directory)
        return Incident(
            generated_at=now,
            first=tables.first,
            last=tables.last,
            read=self._read(engine, window, unread, told_apart=_told_apart(tables)),
            status="attack" if crews else "quiet",
            campaigns=crews,
            accounts=judged,
            hours=hours(tables.bins, tables.cells),
            directory=directory.accounts if directory.given else _learned(tables),
            directory_given=directory.given,
            tried=frozenset(account for crew in crews for account in crew.accounts),
            guards=tuple(finding for finding in found if not finding.technique),
        )

    def _with_passwords(self, engine: Engine, crews: tuple[Campaign, ...], tables: Evidence) -> tuple[Campaign, ...]:
        """What the crews guessed, where the logs tell guesses apart."""
        # The fingerprints of a table that was given to us are under somebody else's key.
        if not self.lake.logs() or tables.guesses.is_empty() or tables.first is None or tables.last is None:
            return crews

        def guesses(sources: Sequence[str]) -> pl.DataFrame:
            engine.bind("logins", [self.lake.table("logins", day) for day in self.lake.days()])
            engine.bind_rows("sources", pl.DataFrame({"source": list(sources)}, {"source": pl.String}))
            return engine.rows("guesses of sources", evidence_lines.guesses)

        years = range(tables.first.year - 1, tables.last.year + 2)
        return with_passwords(crews, self.comparison, guesses, partial(fingerprints, key=self.lake.key), years)

    def _lines_of(self, engine: Engine, accesses: pl.DataFrame) -> pl.DataFrame:
        """The logins behind the accesses, with where they stand."""
        wanted = accesses.select("user", "source").unique()
        if not len(wanted):
            return pl.DataFrame(schema=dict.fromkeys(evidence_lines.COLUMNS, pl.String))
        engine.bind("logins", [self.lake.table("logins", day) for day in self.lake.days()])
        engine.bind_rows("wanted", wanted)
        return engine.rows("evidence lines", evidence_lines.of_pairs)

    def _tools_of(self, engine: Engine, crews: Sequence[Campaign]) -> pl.DataFrame:
        """Who came with which tool from the addresses that a crew shares with others."""
        shared = sorted({source for crew in crews for source in crew.shared_sources})
        if not shared:
            return pl.DataFrame(schema=evidence_lines.TOOLS)
        engine.bind("logins", [self.lake.table("logins", day) for day in self.lake.days()])
        engine.bind_rows("wanted", pl.DataFrame({"user": [""] * len(shared), "source": shared}))
        return engine.rows("tools of sources", evidence_lines.tools)

    def _habits(self, engine: Engine) -> pl.DataFrame:
        """Who has signed in with which tool, and since when."""
        engine.bind("logins", [self.lake.table("logins", day) for day in self.lake.days()])
        return engine.rows("habits", evidence_lines.habits)

    def _read(self, engine: Engine, window: Window, unread: tuple[Unread, ...], *, told_apart: bool) -> Read:
        tally = Tally()
        logs = self.lake.logs()
        troubles = list(unread)
        for log in logs:
            tally.add(log.tally)
            troubles += _troubles(log.name, log.tally)
        engine.bind("logins", [self.lake.table("logins", day) for day in self.lake.days()], window.since, window.until)
        total = engine.rows("attempts", evidence_lines.attempts)["n"][0]
        return Read(
            files=len(logs),
            lines=tally.lines,
            parsed=tally.parsed,
            ignored=tally.ignored,
            unparsed=tally.unparsed,
            logins=int(total or 0),
            by_format=dict(sorted(tally.by_format.items())),
            ignored_by=dict(tally.ignored_by.most_common()),
            unread=tuple(troubles),
            told_apart=told_apart,
        )


def _troubles(name: str, tally: Tally) -> list[Unread]:
    troubles = []
    if tally.unparsed:
        says = f"{tally.unparsed} lines that no format knows"
        if tally.oversized:
            says += f", {tally.oversized} of them longer than 64 KiB"
        troubles.append(Unread(name, says, tally.unparsed, f"{name}:{tally.unparsed_at}"))
    if tally.damaged:
        says = f"{tally.damaged} lines hold bytes that are not UTF-8; they were read with those bytes replaced"
        troubles.append(Unread(name, says, tally.damaged, f"{name}:{tally.damaged_at}"))
    return troubles


def _told_apart(tables: Evidence) -> bool:
    """Whether some log tells one wrong password from another; where nobody fails, nothing is missed."""
    return bool(tables.pairs["guessed"].sum()) or not tables.pairs["fail"].sum()


def _learned(tables: Evidence) -> tuple[Account, ...]:
    """The accounts that the logs show to exist."""
    seen = tables.pairs.filter(pl.col("known") & (pl.col("ok") > 0))["user"].unique().sort()
    return tuple(Account(str(user)) for user in seen)


def now() -> datetime:
    """The present moment; asked at the edge only."""
    return datetime.now(UTC)
