"""What others run: one file for each product, each with its published rules; ``RIVALS`` has all, in a stable order."""

from typing import Final

from serjeant.proving.rival import Rival
from serjeant.proving.rivals import crowdsec, elastic, fail2ban, sentinel, sigma, splunk, weakforced

RIVALS: Final[tuple[Rival, ...]] = (
    *fail2ban.RIVALS,
    *crowdsec.RIVALS,
    *weakforced.RIVALS,
    *sentinel.RIVALS,
    *splunk.RIVALS,
    *elastic.RIVALS,
    *sigma.RIVALS,
)
