"""counting: one of the programs that ``bench.evidence`` measures.

Run as ``python -m bench.counting engine|serjeant|hour LAKE``; prints the seconds that it took itself, start left out.
``engine``: the engine's own counting of the same files; ``serjeant``: evidence and detection, whatever is kept taken
away before; ``hour``: the last day's last hour of logins comes on top of what is kept.
"""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import duckdb
import polars as pl

from serjeant import assess
from serjeant.assess.everybody import Everybody
from serjeant.detect import lines
from serjeant.detect.campaigns import campaigns
from serjeant.detect.evidence import Window, build
from serjeant.detect.run import findings
from serjeant.directory.directory import Directory
from serjeant.model.campaign import Campaign
from serjeant.store.engine import Engine
from serjeant.store.lake import Lake

OWN = "took {:.2f} s, {:.2f} s of CPU"


def main(what: str, place: Path) -> None:
    lake = Lake(place)
    if what == "serjeant":
        shutil.rmtree(place / "evidence")
    if what == "hour":
        _late(lake)
    begin, cpu = perf_counter(), process_time()
    if what == "engine":
        _engine([lake.table("logins", day) for day in lake.days()])
    else:
        _serjeant(lake)
    print(OWN.format(perf_counter() - begin, process_time() - cpu))


def _engine(files: Sequence[Path]) -> None:
    with duckdb.connect() as engine:
        engine.execute(
            "create temp table counted as select account, src_ip, count(*) as n from read_parquet(?) group by all",
            [[str(file) for file in files]],
        )


def _serjeant(lake: Lake) -> None:
    begin = perf_counter()
    engine = Engine(lake.path)
    tables = build(lake, engine, Directory.empty(), window=Window())
    counted = perf_counter()
    found = findings(tables, {})
    detected = perf_counter()
    crews = campaigns(found, tables)
    joined = perf_counter()
    everybody = Everybody(tables.pairs, tables.cells, partial(engine.rows, "habits", lines.habits))
    fallen = assess.accesses(crews, everybody, _tools(engine, lake, crews))
    engine.close()
    print(
        f"{len(tables.pairs):,} pairs, {len(tables.cells):,} cells; {len(found):,} findings, {len(crews):,} campaigns, "
        f"{len(fallen):,} accesses; counting {counted - begin:.1f} s, detectors {detected - counted:.1f} s, campaigns "
        f"{joined - detected:.1f} s, who fell {perf_counter() - joined:.1f} s"
    )


def _tools(engine: Engine, lake: Lake, crews: Sequence[Campaign]) -> pl.DataFrame:
    """As ``app`` asks for them."""
    shared = sorted({source for crew in crews for source in crew.shared_sources})
    engine.bind("logins", [lake.table("logins", day) for day in lake.days()])
    engine.bind_rows(
        "wanted", pl.DataFrame({"user": [""] * len(shared), "source": shared}, {"user": pl.String, "source": pl.String})
    )
    return engine.rows("tools of sources", lines.tools)


def _late(lake: Lake) -> None:
    """Lets the last day end an hour earlier, counts it so, and gives the hour back."""
    day = lake.days()[-1]
    whole = pl.read_parquet(lake.table("logins", day))
    hour = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    lake.give(day, whole.filter(pl.col("time") < hour))
    engine = Engine(lake.path)
    build(lake, engine, Directory.empty(), window=Window(since=datetime(day.year, day.month, day.day, tzinfo=UTC)))
    engine.close()
    lake.give(day, whole)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
