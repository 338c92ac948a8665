"""The training loop against a naive one: same states at the same steps, exact ends, NaN for what diverged."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from core.batches import batches
from core.datasets import Source, Task, load
from core.lines import data_line
from core.networks import SECOND_MOMENT, Stack, initial_stack
from core.studies.explorer.experiment import Explorer
from core.studies.explorer.recording import PlaneRecording
from core.studies.explorer.training import begin_on, make_points, make_shard, observe
from core.studies.explorer.trajectory import PlaneTrajectory, cells
from core.sweeps import train as train_plane
from core.training import follow, train
from core.training.shard import drop_ended, relative_weight_change
from core.trajectory import DIVERGED, FITTED, STEP_LIMIT, Trajectory

CPU = torch.device("cpu")
Make = Callable[..., Explorer]


def trained(experiment: Explorer) -> Trajectory:
    return train_plane(experiment, source=Source(), device="cpu", workers=1)


def drawn_task(experiment: Explorer) -> Task:
    return load(experiment.dataset, n_train=experiment.n_train, seed=experiment.seeds[0])


def naive(experiment: Explorer, steps: int) -> dict[str, np.ndarray]:
    """Train the single run of a 1 x 1 plane in double precision with autograd and torch's SGD; one row a step."""
    task, seed = drawn_task(experiment), experiment.seeds[0]
    x, x_test = (torch.from_numpy(np.array(a, np.float64)) for a in (task.train_inputs, task.test_inputs))
    y, y_test = (torch.from_numpy(np.array(a, np.float64)) for a in (task.train_labels, task.test_labels))
    line = data_line(task, experiment.line)
    x_grid = torch.from_numpy((line.origin + line.grid[:, None] * line.direction).astype(np.float64))
    stack = initial_stack(
        runs=1,
        dim=x.shape[1],
        width=experiment.width,
        depth=experiment.depth,
        activation=experiment.activation,
        seed=seed,
        device=CPU,
    )
    weights = [p[0].double().requires_grad_() for p in stack.parameters()]
    first = [w.detach().clone() for w in weights]
    act = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[experiment.activation]
    moment = SECOND_MOMENT[experiment.activation] ** 0.5

    def f(inputs: torch.Tensor, at: list[torch.Tensor]) -> torch.Tensor:
        a = inputs
        for w in at[:-1]:
            a = act(a @ w / math.sqrt(w.shape[0])) / moment
        return a @ at[-1] / experiment.width

    def big_f(inputs: torch.Tensor) -> torch.Tensor:
        return f(inputs, weights) - f(inputs, first)

    (alpha,), (temperature,) = experiment.alphas, experiment.temperatures
    sgd = torch.optim.SGD(weights, lr=temperature * experiment.batch_size * experiment.width)
    stream = batches(experiment.n_train, experiment.batch_size, seed)
    rows = torch.from_numpy(np.concatenate([next(stream) for _ in range(steps // 256 + 1)]))
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("line", "loss", "test", "train", "change")}
    for step in range(steps + 1):
        with torch.no_grad():
            out, test = big_f(x), big_f(x_test)
            found["line"].append(big_f(x_grid).numpy())
            found["loss"].append((1 / alpha - y * out).clamp(min=0).mean().numpy())
            found["train"].append((y * out <= 0).double().mean().numpy() if step else np.array(0.5))
            found["test"].append((y_test * test <= 0).double().mean().numpy() if step else np.array(0.5))
            moved = sum(((w - v) ** 2).sum() for w, v in zip(weights, first, strict=True))
            found["change"].append((moved / sum((v**2).sum() for v in first)).sqrt().numpy())  # type: ignore[union-attr]
        batch = rows[step]
        sgd.zero_grad()
        (1 / alpha - y[batch] * big_f(x[batch])).clamp(min=0).mean().backward()
        sgd.step()
    return {name: np.array(values) for name, values in found.items()}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"alphas": (0.01,), "seeds": (5,)},
        {"depth": 2, "dataset": "two_moons"},
        {"depth": 3, "activation": "gelu"},
        {"activation": "gelu", "line": (3, 8)},
        {"batch_size": 48, "temperatures": (2.0**-7,)},  # a full batch: gradient descent
        {"depth": 5, "activation": "gelu", "batch_size": 48, "temperatures": (2.0**-8,)},
    ],
)
def test_a_run_is_what_autograd_and_torchs_sgd_make_of_it(tiny: Make, changes: dict[str, object]) -> None:
    experiment = tiny(**({"alphas": (1.0,), "temperatures": (2.0**-6,), "step_limit": 60} | changes))
    found, expected = trained(experiment), naive(experiment, 60)
    steps = found.steps
    np.testing.assert_allclose(found["line_function"][:, 0], expected["line"][steps], rtol=2e-3, atol=2e-4)
    np.testing.assert_allclose(found["loss"][:, 0], expected["loss"][steps], rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found["relative_weight_change"][:, 0], expected["change"][steps], rtol=1e-3)
    np.testing.assert_allclose(found["test_error"][:, 0], expected["test"][steps], atol=1.1 / 785)
    np.testing.assert_allclose(found["train_error"][:, 0], expected["train"][steps], atol=1e-6)
    assert found["relative_weight_change"][-1, 0] > 0.01


def restepped(experiment: Explorer) -> tuple[Stack, np.ndarray, torch.Tensor]:
    """Step every run to the limit with no checks; return the stack, each run's last step that changed it, and y F."""
    task = drawn_task(experiment)
    shard = make_shard(experiment, cells(experiment), task.train_inputs.shape[1], CPU)
    points = make_points(shard.stack, task, data_line(task, ()), CPU)
    x, f0 = points.train
    stream = batches(experiment.n_train, experiment.batch_size, experiment.seeds[0])
    rows = torch.from_numpy(np.concatenate([next(stream) for _ in range(experiment.step_limit // 256 + 1)]))
    last = np.zeros(experiment.runs, int)
    for step in range(1, experiment.step_limit + 1):
        before = [p.clone() for p in shard.stack.parameters()]
        shard.advance(points, rows[step - 1 : step], step - 1)
        for run in range(experiment.runs):
            if any(not torch.equal(old[run], p[run]) for old, p in zip(before, shard.stack.parameters(), strict=True)):
                last[run] = step
    return shard.stack, last, (shard.stack(x) - f0) * points.labels


@pytest.mark.parametrize("changes", [{}, {"depth": 2}, {"activation": "gelu"}, {"batch_size": 48}])
def test_a_fitted_run_has_every_margin_and_ends_with_its_last_update(tiny: Make, changes: dict[str, object]) -> None:
    experiment = tiny(
        **({"alphas": (4.0, 64.0, 1024.0), "temperatures": (2.0**-6, 2.0**-4), "step_limit": 600} | changes)
    )
    found = trained(experiment)
    _, last, margins = restepped(experiment)
    fitted = np.flatnonzero(found["outcome"] == FITTED)
    assert len(fitted) >= 2
    for run in fitted:
        assert found["end_step"][run] == last[run] < 600
        assert float(margins[run].min()) >= 1 / found.cells[run].alpha
        assert found["loss"][-1, run] == 0
        assert found["train_error"][-1, run] == 0
    for run in np.flatnonzero(found["outcome"] == STEP_LIMIT):
        assert found["end_step"][run] == 600
        assert float(margins[run].min()) < 1 / found.cells[run].alpha
        assert found["loss"][-1, run] > 0


def test_a_run_alone_is_the_run_of_the_stack_bit_for_bit(tiny: Make) -> None:
    experiment = tiny(alphas=(0.5, 2.0, 64.0), temperatures=(2.0**-6, 2.0**-4), depth=2)
    together = trained(experiment)
    for run, cell in enumerate(together.cells):
        alone = trained(experiment.at(cell.alpha, cell.temperature))
        assert alone["outcome"][0] == together["outcome"][run]
        for name in ("line_function", "loss", "test_error", "prediction"):
            np.testing.assert_array_equal(alone[name][:, 0], together[name][:, run])


def test_a_larger_limit_only_adds_steps(tiny: Make) -> None:
    """Recording and checking at other steps must not touch the training."""
    short, long = trained(tiny(step_limit=60)), trained(tiny(step_limit=200))
    shared = [k for k, step in enumerate(short.steps) if step in long.steps and step < 16]
    assert len(shared) > 5
    for name in ("line_function", "loss", "kink_position", "prediction"):
        np.testing.assert_array_equal(short[name][shared], long[name][shared])


class TestEnds:
    """`drop_ended` on shards whose states are made by hand."""

    def shard(self, tiny: Make) -> tuple:
        experiment = tiny(alphas=(1.0, 2.0), temperatures=(0.25, 0.5))
        task = drawn_task(experiment)
        line = data_line(task, ())
        shard = make_shard(experiment, cells(experiment), 64, CPU)
        points = make_points(shard.stack, task, line, CPU)
        recording = PlaneRecording(experiment, cells(experiment), task, line)
        recording.write(0, *observe(shard, points))
        return shard, points, recording

    def test_an_untrained_shard_goes_on(self, tiny: Make) -> None:
        shard, points, recording = self.shard(tiny)
        assert len(drop_ended(shard, points, recording, 5, 200, observe).rows) == 4

    @pytest.mark.parametrize("broken", ["nan", "inf", "blown up"])
    def test_what_is_not_finite_or_blown_up_has_diverged(self, tiny: Make, broken: str) -> None:
        shard, points, recording = self.shard(tiny)
        if broken == "blown up":
            shard.stack.weights[0][1] *= 2e3
        else:
            shard.stack.weights[0][1, 0, 0] = float(broken)
        left = drop_ended(shard, points, recording, 5, 200, observe)
        assert left.rows.tolist() == [0, 2, 3]
        assert recording.arrays["outcome"].tolist() == [3, DIVERGED, 3, 3]
        assert recording.arrays["end_step"][1] == 5
        at = recording.snapshot(5)
        for name in ("test_error", "train_error", "loss", "kink_position", "line_function"):
            assert np.isnan(recording.arrays[name][at:, 1]).all()
            assert np.isfinite(recording.arrays[name][0]).all()
        assert not recording.arrays["prediction"][at:, 1].any()

    def test_a_dead_network_at_chance_has_diverged_though_it_is_finite(self, tiny: Make) -> None:
        """Every unit off on every point: f is 0, no gradient is left, and a step limit would only wait."""
        shard, points, recording = self.shard(tiny)
        shard.stack.weights[0][2] = 0
        left = drop_ended(shard, points, recording, 5, 200, observe)
        assert left.rows.tolist() == [0, 1, 3]
        assert recording.arrays["outcome"][2] == DIVERGED
        assert np.isnan(recording.arrays["test_error"][-1, 2])

    def test_at_the_limit_all_others_are_at_the_step_limit(self, tiny: Make) -> None:
        shard, points, recording = self.shard(tiny)
        shard.stack.head[3] = math.nan
        assert len(drop_ended(shard, points, recording, 200, 200, observe).rows) == 0
        assert recording.arrays["outcome"].tolist() == [STEP_LIMIT] * 3 + [DIVERGED]
        assert recording.arrays["end_step"].tolist() == [200] * 4

    def test_a_fitted_run_keeps_its_last_update_and_its_state(self, tiny: Make) -> None:
        shard, points, recording = self.shard(tiny)
        shard.margin[1] = -1e9  # every F is beyond it
        shard.last_update[1] = 3
        left = drop_ended(shard, points, recording, 16, 200, observe)
        assert left.rows.tolist() == [0, 2, 3]
        assert recording.arrays["outcome"][1] == FITTED
        assert recording.arrays["end_step"][1] == 3


@pytest.mark.parametrize("changes", [{}, {"depth": 3, "activation": "gelu"}, {"dataset": "two_moons"}])
def test_far_too_hot_runs_diverge_and_never_show_an_error(tiny: Make, changes: dict[str, object]) -> None:
    found = trained(tiny(**({"temperatures": (2.0, 64.0)} | changes)))
    diverged = found["outcome"] == DIVERGED
    assert diverged.sum() >= 2
    assert np.isnan(found["test_error"][-1, diverged]).all()
    assert np.isnan(found["train_error"][-1, diverged]).all()
    assert np.isfinite(found["test_error"][-1, ~diverged]).all()


def test_runs_of_two_seeds_are_no_shard(tiny: Make) -> None:
    experiment = tiny(seeds=(0, 1))
    with pytest.raises(ValueError, match="share one seed"):
        train(experiment, range(experiment.runs), Source())


def test_the_watcher_hears_every_recorded_step_and_the_end(tiny: Make) -> None:
    heard: list[tuple[int, int]] = []
    experiment = tiny(alphas=(0.5,), temperatures=(2.0**-3,), step_limit=40)
    training = begin_on(experiment, cells(experiment), drawn_task(experiment), "cpu")
    follow(training, lambda _, step, live: heard.append((step, live)))
    assert heard == [(step, 1) for step in PlaneTrajectory.scheduled(experiment)[1:-1]] + [(40, 0)]


def test_the_weight_change_is_relative_to_the_initial_weights() -> None:
    """Weights of length 5 that move by 3, over all parameters together: .6, whatever their unit."""

    class Fixed:
        def __init__(self, *values: list[float]) -> None:
            self.values = [torch.tensor([value]) for value in values]

        def parameters(self) -> list[torch.Tensor]:
            return self.values

    for unit in (1.0, 100.0):
        first, now = Fixed([3 * unit, 0.0], [4 * unit]), Fixed([3 * unit, 3 * unit], [4 * unit])
        assert relative_weight_change(now, first).tolist() == pytest.approx([0.6])  # type: ignore[arg-type]
