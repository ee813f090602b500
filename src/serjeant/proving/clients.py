"""clients: what the devices of people call themselves."""

from typing import Final

import numpy as np
import polars as pl

from serjeant.proving.site import Site
from serjeant.proving.world import Ints, scramble

_MAIL: Final = (
    "Microsoft Outlook 16.0",
    "Microsoft Outlook 16.0",
    "Microsoft Outlook 15.0",
    "Thunderbird/128.4",
    "Apple Mail/16.0",
)
_PHONE: Final = ("iOS/17.5 Mail", "iOS/17.5 Mail", "iOS/16.7 Mail", "Android Mail/2024", "K-9 Mail/6.8")
_BROWSER: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edge/126.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/127.0",
    "Mozilla/5.0 (Macintosh) Safari/17.5",
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/115.0",
)
_VPN: Final = ("OpenVPN/2.6", "OpenVPN/2.6", "OpenVPN/2.5", "OpenConnect/9.1", "OpenVPN/2.6")
_SSH: Final = ("OpenSSH_9.6", "OpenSSH_8.9", "PuTTY_0.81", "OpenSSH_9.6", "OpenSSH_for_Windows_9.5")
_KINDS: Final = ("mail", "phone", "web", "vpn", "ssh")
_NAMES: Final = pl.Series("client", [*_MAIL, *_PHONE, *_BROWSER, *_VPN, *_SSH])


def clients(site: Site, account: Ints, source: Ints, service: pl.Series) -> pl.Series:
    """The client of each attempt: an account keeps one for each kind of device; a tenth of mail clients say nothing."""
    word = service.cast(pl.String)
    phone = np.zeros(len(site.book.texts), dtype=np.bool_)
    phone[site.places.cgnat] = True
    kind = np.select(
        [(word == name).to_numpy() for name in ("web", "vpn", "ssh")], [2, 3, 4], np.where(phone[source], 1, 0)
    )
    drawn = scramble(np.where(account < 0, source, account) * len(_KINDS) + kind, site.seed + 61)
    chosen = _NAMES.gather(kind * len(_MAIL) + (drawn % np.uint64(len(_MAIL))).astype(np.int64))
    silent = (kind < 2) & ((drawn >> np.uint64(20)) % np.uint64(10) == 0)
    return pl.select(pl.when(~pl.Series(silent)).then(chosen).alias("client")).to_series()
