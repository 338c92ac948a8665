"""The snapshots that ship: whole, small, of the presets' own experiments, and what the Explorer says of them holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.datasets import Source
from core.recorded.opened import SHIPPED as RECORDINGS
from core.store import SHIPPED, Store
from core.studies.explorer import tables as frames
from core.studies.explorer.presets import PRESETS as EXPLORER
from core.studies.explorer.trajectory import PlaneTrajectory
from core.studies.own_network.presets import PRESETS as OWN
from core.studies.own_plane.presets import PRESETS as OWN_RUNS
from core.studies.phase_plane.trajectory import PhasePlaneTrajectory
from core.study import presets, study_of
from core.sweeps import train
from core.trajectory import Trajectory
from tests.claims import HOLDS, NONE, Measured, above, below, near
from tests.core.studies.phase_errors import both_ways_out, changes_by_seed, errors_by_seed

NAMES = [name for name, preset in presets().items() if preset.shipped]


def load(name: str, empty: Path) -> Trajectory:
    experiment = presets()[name].experiment
    trajectory, said = Store(empty).load(experiment)
    assert not said
    assert trajectory is not None, "run `python -m core precompute`"
    assert trajectory.experiment == experiment
    return trajectory


@pytest.fixture(scope="module", params=[name for name in NAMES if name in EXPLORER])
def cells(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    plane = load(request.param, tmp_path_factory.mktemp("empty"))
    assert isinstance(plane, PlaneTrajectory)
    return frames.plane(plane)


def test_nothing_else_ships_and_it_is_small() -> None:
    wanted = {Store(SHIPPED).paths(presets()[name].experiment)[0].name for name in NAMES}
    sizes = {path.name: path.stat().st_size for path in SHIPPED.iterdir() if path.is_file()}
    assert set(sizes) == wanted
    brought = [preset.experiment for preset in (*OWN.values(), *OWN_RUNS.values())]
    assert {path.name for path in RECORDINGS.iterdir()} == {
        name for experiment in brought for name in experiment.uploads
    }
    assert max(path.stat().st_size for path in RECORDINGS.iterdir()) < 2e6
    assert max(sizes.values()) < 10e6
    assert sum(sizes.values()) < 40e6


@pytest.mark.parametrize("name", NAMES)
def test_every_run_has_ended(name: str, tmp_path: Path) -> None:
    assert load(name, tmp_path).complete


def corner(cells: pd.DataFrame) -> pd.Series:
    lazy = cells[(cells["alpha"] == cells["alpha"].max()) & (cells["temperature"] == cells["temperature"].min())]
    assert len(lazy) == 1
    return lazy.iloc[0]


def test_the_lazy_corner_keeps_its_kinks(cells: pd.DataFrame) -> None:
    """Measured: 0.010 to 0.016 of the spread of the kinks' first positions."""
    assert corner(cells)["outcome"] == "fitted"
    assert corner(cells)["kink_displacement"] < 0.02


def test_small_alpha_and_high_temperature_move_them(cells: pd.DataFrame) -> None:
    """Measured: ten times the lazy corner's displacement and more."""
    alive = cells[cells["outcome"] != "diverged"]
    small_alpha = alive[alive["alpha"] == alive["alpha"].min()]["kink_displacement"]
    hot = alive[(alive["alpha"] == alive["alpha"].max()) & (alive["temperature"] > 0.05)]["kink_displacement"]
    for moved in (small_alpha, hot):
        assert len(moved) >= 2
        assert moved.min() > 10 * corner(cells)["kink_displacement"]


def test_no_diverged_cell_shows_an_error_below_chance(cells: pd.DataFrame) -> None:
    diverged = cells[cells["outcome"] == "diverged"]
    assert not (diverged["test_error"] < 0.5).any()
    assert cells[cells["outcome"] == "fitted"]["train_error"].max() == 0
    assert (cells[cells["outcome"] == "fitted"]["test_error"] < 0.4).all()


@pytest.mark.claim
def test_our_own_code_trains_the_digits_again() -> None:
    """Another processor may round otherwise, and long runs then part; the plane must be the same one."""
    experiment = presets()["explorer/digits"].experiment
    before, _ = Store(SHIPPED).load(experiment)
    assert before is not None
    old, new = frames.plane(before), frames.plane(train(experiment, source=Source(), device="cpu"))
    assert (old["outcome"] == new["outcome"]).mean() > 0.95
    both = (old["outcome"] == "fitted") & (new["outcome"] == "fitted")
    assert np.median(np.abs(old["test_error"] - new["test_error"])[both]) < 0.005
    assert np.median(np.abs(np.log(old["steps"] / new["steps"]))[both]) < 0.1


@pytest.mark.parametrize(
    ("name", "alpha", "hot", "cold", "where_cold"),
    [
        ("digits", 4.0, 2.0**-4, 2.0**-10, NONE),
        ("cifar10", 16.0, 2.0**-6, 2.0**-10.5, NONE),
        ("cifar10_cnn", 16.0, 2.0**-2.5, 2.0**-7, HOLDS),
    ],
)
def test_c5_noise_hurts_the_lazy_network_and_lowering_alpha_helps(
    name: str, alpha: float, hot: float, cold: float, where_cold: str, tmp_path: Path, measured: Measured
) -> None:
    found = load(f"phase_plane/{name}", tmp_path)
    assert isinstance(found, PhasePlaneTrajectory)
    ends = {"alpha": alpha, "hot": hot, "cold": cold}
    both_ways_out(f"shipped phase_plane/{name}", errors_by_seed(found), measured, **ends, where_cold=where_cold)


def test_c5_over_eight_seeds_of_the_explorers_plane_alpha_counts_and_noise_does_not(
    tmp_path: Path, measured: Measured
) -> None:
    found = load("phase_plane/digits_one_layer", tmp_path)
    assert isinstance(found, PhasePlaneTrajectory)
    error, (alphas, heat) = errors_by_seed(found), (found.experiment.alphas, found.experiment.temperatures)
    for what, change, verdict in (
        ("error that noise adds, T = .160 less .0017", error[alphas[-1], heat[9]] - error[alphas[-1], heat[1]], NONE),
        ("error that alpha = 1.13 adds at T = .017", error[alphas[5], heat[5]] - error[alphas[-1], heat[5]], HOLDS),
    ):
        said = f"shipped phase_plane/digits_one_layer, lazy, eight seeds: {what}"
        measured("C5", said, change.mean(), below(0), change.sem(), verdict)


@pytest.mark.parametrize(("name", "batches"), [("mnist_batches", (256, 1024)), ("digits_cnn_batches", (256, 512))])
def test_c9_below_the_critical_batch_networks_depend_on_t_and_above_it_on_the_learning_rate(
    name: str, batches: tuple[int, int], tmp_path: Path, measured: Measured
) -> None:
    """|dw| ~ learning rate / batch size from B = 1 to 4, and ~ learning rate at the two largest batches."""
    found = load(f"phase_plane/{name}", tmp_path)
    assert isinstance(found, PhasePlaneTrajectory)
    change = changes_by_seed(found).apply(np.log)
    small, (less, most) = 1.0, batches
    for what, exponent, expected in (
        ("of B, 1 to 4", (change[4, small] - change[1, small]) / np.log(4), near(-1, 0.2, null=0)),
        (
            f"of B, {less} to {most:,}",
            (change[most, 16.0] - change[less, 16.0]) / np.log(most / less),
            near(0, 0.2, null=-1),
        ),
        (f"of the rate, B = {most:,}", (change[most, 16.0] - change[most, 4.0]) / np.log(4), near(1, 0.2, null=0)),
    ):
        said = f"shipped phase_plane/{name}: |dw| as a power {what}"
        measured("C9", said, exponent.mean(), expected, exponent.sem())


def test_the_explorers_digits_are_the_first_of_eight_seeds(tmp_path: Path) -> None:
    """Bit for bit: so what is said of other seeds is said of the same networks."""
    one, several = (load(name, tmp_path) for name in ("explorer/digits", "phase_plane/digits_one_layer"))
    runs = one.experiment.runs
    assert several.experiment.alphas == one.experiment.alphas
    for name in ("end_step", "outcome"):
        np.testing.assert_array_equal(several[name][:runs], one[name])
    np.testing.assert_array_equal(several["test_error"][-1, :runs], one["test_error"][-1])


def test_k10_directions_grow_with_the_data(tmp_path: Path, measured: Measured) -> None:
    """On MNIST two directions fit up to 128 digits, and dozens are in use at 1,024."""
    digits = load("kinks/digits_count", tmp_path)
    laws = study_of(digits.experiment).tables()["fit"](digits).groupby("measure").first()
    for what, name, expected in (
        ("directions", "directions", near(1, 0.15, null=0)),
        ("directions weighed by what they contribute", "effective_directions", below(1)),
    ):
        law = laws.loc[name]
        said = f"shipped kinks/digits_count, 20 to 640: {what} ~ n^"
        measured("K10", said, law["exponent"], expected, law["standard_error"])
    mnist = load("kinks/mnist_count", tmp_path)
    found = study_of(mnist.experiment).tables()["counts"](mnist).groupby("n_train")["directions"]
    for n, expected in ((128, near(2, 0.5)), (1024, above(2, by=20))):
        said = f"shipped kinks/mnist_count: directions in a fit of {n:,}"
        measured("K10", said, found.mean()[n], expected, found.sem()[n])


@pytest.mark.parametrize("name", ["complexity/digits_fitted", "complexity/mnist_fitted", "complexity/cifar10_fitted"])
def test_n2_at_zero_training_error_what_the_linear_classifier_knew_is_retained(
    name: str, tmp_path: Path, measured: Measured
) -> None:
    """On digits unrelated classifiers of these accuracies would retain .92, on CIFAR-10 .67: the margin differs."""
    found = load(name, tmp_path)
    table = study_of(found.experiment).tables()["information"](found)
    end = table[(table["explainer"] == "linear") & (table["step"] == table["step"].max())]
    assert (end["accuracy_train"] == 1).all()
    said, kept = f"shipped {name}, zero training error: retained share", end["retained_share"]
    measured("N2", said, kept.mean(), near(1, 0.1, null=0), kept.sem())
    more = kept - end["retained_share_independent"]
    measured("N2", f"{said} less that of unrelated classifiers", more.mean(), above(0), more.sem())
