"""needed: names that the ledger must not forget yet, since a measure that has not ended cannot do without them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from serjeant.contain.standing import KINDS, standing
from serjeant.store.ledger import Entry
from serjeant.store.pseudonyms import names


def needed(entries: Iterable[Entry], now: datetime) -> set[str]:
    """Names in all that was written of measures that act still, may yet be approved, or were handed on to such."""
    written = [each for each in entries if each.kind in KINDS]
    acting = {
        uid
        for uid, each in standing(written).measures.items()
        if not each.ended and (each.began_at is not None or each.measure.ends > now)
    }
    handed = [(each.body["measure"], each.body["to"]) for each in written if each.kind == "handed"]
    while more := {one for one, other in handed if other in acting} - acting:
        acting |= more  # the way back of the one that holds on goes to what the other found
    parts = [part for each in written for part in _parts(each.body)]
    return {str(name) for part in parts if about(part) & acting for name in names(part)}


def _parts(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A plan's measures end one by one."""
    measures = [each for each in body.get("measures", ()) if isinstance(each, Mapping)]
    return [{"measure": each["uid"], "is": each} for each in measures] or [body]


def about(body: Mapping[str, Any]) -> set[str]:
    """The measures that an entry is about, by uid."""
    several = (each["uid"] if isinstance(each, Mapping) else each for each in body.get("measures", ()))
    return {str(each) for each in (body.get("measure"), body.get("to"), *several) if each}
