"""parse: Serjeant's reading of a log into a fresh lake, and nothing else.

Run as ``python -m bench.parse LOG FOLDER``.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.rivals import YEAR
from serjeant.collect.collector import Reading, collect
from serjeant.collect.known import envelopes, line_formats, wrappings
from serjeant.collect.sources.files import find
from serjeant.store.lake import Lake


def parse(log: str, folder: str) -> None:
    inputs, missing = find([log])
    reading = Reading(line_formats(), envelopes(), wrappings(), ZoneInfo("UTC"), datetime.now(UTC), YEAR)
    unread = missing + collect(Lake(Path(folder)), inputs, reading)
    if unread:
        raise SystemExit(str(unread))


if __name__ == "__main__":
    parse(sys.argv[1], sys.argv[2])
