"""Where randomness comes from: one generator a role, so that no draw can shift another."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Role = Literal["data", "test", "init", "batch", "noise"]


def generator(role: Role, seed: int) -> np.random.Generator:
    """Return the generator of `role` for `seed`; other roles and seeds give independent streams.

    `data` draws the training set (and a synthetic task's noise), `test` the test set, `init` the weights, `batch` the
    minibatches, `noise` which training labels are flipped. numpy's PCG64 gives the same stream on every machine, so a
    GPU sees the same draws as a CPU.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([get_args(Role).index(role), seed])))
