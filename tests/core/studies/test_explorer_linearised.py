"""C11: how lazy a run of the Explorer is, against its linearised twin: the same start, batches and tangent features."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.datasets import Source
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.trajectory import PlaneTrajectory
from core.sweeps import train
from tests.claims import Measured, above, below, near, seeds
from tests.core.studies.linearised import linearised

GIVEN = Explorer()


def compared(experiment: Explorer) -> tuple[np.ndarray, np.ndarray]:
    """The share of test points of one class for both, and |w - w0| over the twin's, of every run."""
    found = train(experiment, source=Source(), device="cpu", workers=1)
    assert isinstance(found, PlaneTrajectory)
    agreement, ratio = [], []
    for run, cell in enumerate(found.cells):
        twin = linearised(experiment, cell.alpha, cell.temperature, cell.seed, Source())
        agreement.append(float((found["prediction"][-1, run] == (twin.test_output > 0)).mean()))
        ratio.append(float(found["relative_weight_change"][-1, run]) / twin.relative_weight_change)
    return np.array(agreement), np.array(ratio)


def test_in_the_limit_of_a_large_output_scale_and_small_steps_a_network_is_its_twin() -> None:
    """A step of a fixed temperature moves the weights alike at every scale, too far to be lazy if it is large."""
    limit = replace(GIVEN, width=256, n_train=64, batch_size=64, alphas=(2.0**12, 2.0**13), temperatures=(2.0**-12,))
    agreement, ratio = compared(limit)
    assert (agreement > 0.995).all()
    assert ratio == pytest.approx(1, abs=0.01)


@pytest.mark.claim
def test_c11_a_lazy_network_is_its_twin_and_another_is_not(measured: Measured) -> None:
    """Lazy, in a middle regime, and learning features: the middle one is left by the weights before the predictions."""
    shares = {}
    for name, alpha, temperature, expected in (
        ("lazy", 11, 1, near(1, 0.05)),
        ("middle", 8, 5, below(1)),
        ("features", 5, 5, below(1, by=0.5)),
    ):
        place = {"alphas": GIVEN.alphas[alpha : alpha + 1], "temperatures": GIVEN.temperatures[temperature:][:1]}
        agreement, ratio = compared(replace(GIVEN, seeds=seeds(5), **place))
        shares[name] = agreement
        error = ratio.std(ddof=1) / len(ratio) ** 0.5
        where = f"explorer/digits, alpha = {place['alphas'][0]:.3g}, T = {place['temperatures'][0]:.2g} ({name})"
        measured("C11", f"{where}: |dw| over the linearised twin's", ratio.mean(), expected, error)
    for name, expected in (("lazy", near(1, 0.05)), ("middle", near(1, 0.05))):
        error = shares[name].std(ddof=1) / len(shares[name]) ** 0.5
        said = f"explorer/digits, {name}: share of test points that both put in one class"
        measured("C11", said, shares[name].mean(), expected, error)
    less = shares["lazy"] - shares["features"]
    said = "explorer/digits: agreement with the twin, lazy less features"
    measured("C11", said, less.mean(), above(0), less.std(ddof=1) / len(less) ** 0.5)
