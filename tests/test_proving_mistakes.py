"""A phone that holds an old password."""

import numpy as np
import polars as pl

from serjeant.proving.mistakes import Stale, while_stale
from serjeant.proving.networks import DESK, PHONE


def test_a_stale_phone_signs_in_before_and_after_but_not_meanwhile_and_the_desk_always() -> None:
    stale = Stale(person=np.array([1]), begin=np.array([100]), end=np.array([200]), every=np.array([10]))
    done = pl.DataFrame(
        {
            "account": [1, 1, 1, 1, 0],
            "time": [99, 100, 200, 150, 150],
            "device": [PHONE, PHONE, PHONE, DESK, PHONE],
        }
    )
    assert while_stale(done, stale, accounts=2).to_list() == [False, True, False, False, False]
