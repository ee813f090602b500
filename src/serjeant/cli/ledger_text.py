"""ledger_text: entries as a person reads them, and as programs do."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from serjeant.contain.needed import about
from serjeant.report.text import plain, unseen_escaped
from serjeant.store.ledger import Entry
from serjeant.store.pseudonyms import names

_FEW = 6
_ANY_LENGTH = 1 << 30


def shown(entries: Sequence[Entry], form: str) -> Iterator[str]:
    """Entries line by line.

    :param form: text, json or csv
    """
    if form == "json":
        yield from (unseen_escaped(json.dumps(_row(each))) for each in entries)
    elif form == "csv":
        yield from _csv(entries)
    else:
        for each in entries:
            yield from _told(each)


def _told(it: Entry) -> Iterator[str]:
    about_it = plain(str(it.body.get("measure") or it.body.get("plan") or ""), 12)
    who, kind = plain(it.actor, 24), plain(it.kind, 12)
    yield f"{it.seq:>5}  {it.at:%Y-%m-%d %H:%M:%S}  {who:<16} {kind:<10} {about_it:<6} {plain(_why(it), 160)}".rstrip()
    people = list(dict.fromkeys(names(it.body)))
    if people:
        more = f" and {len(people) - _FEW:,} more (--json shows all)" if len(people) > _FEW else ""
        yield f"{'':>7}{', '.join(plain(each, 40) for each in people[:_FEW])}{more}"


def _why(it: Entry) -> str:
    """The reason, and what there is to say beside it."""
    says = it.body.get("why") or it.body.get("says") or ""
    said = " · ".join(map(str, says)) if isinstance(says, list) else str(says)
    return ": ".join(each for each in (it.reason, said) if each)


def _row(it: Entry) -> dict[str, Any]:
    return {
        "seq": it.seq,
        "time": f"{it.at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "actor": it.actor,
        "kind": it.kind,
        "reason": it.reason,
        "body": it.body,
        "before": it.before,
        "hash": it.hash,
    }


def _csv(entries: Sequence[Entry]) -> Iterator[str]:
    import polars as pl

    from serjeant.report.writers.table import write_csv

    columns = {
        "seq": [each.seq for each in entries],
        "time": [each.at for each in entries],
        "actor": [plain(each.actor, _ANY_LENGTH) for each in entries],
        "kind": [each.kind for each in entries],
        "measures": [plain(" ".join(sorted(about(each.body))), _ANY_LENGTH) for each in entries],
        "reason": [plain(each.reason, _ANY_LENGTH) for each in entries],
        "body": [json.dumps(each.body) for each in entries],
        "hash": [each.hash for each in entries],
    }
    texts = dict.fromkeys(("actor", "kind", "measures", "reason", "body", "hash"), pl.String())
    schema = {"seq": pl.Int64(), "time": pl.Datetime("us", "UTC"), **texts}
    yield from write_csv(pl.DataFrame(columns, schema)).removesuffix("\n").split("\n")
