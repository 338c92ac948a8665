"""The recorder: the training does not notice it, what it keeps is what the network said, and at which steps."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from core.datasets import DataError
from core.record import Recorder, kinks, margins
from core.recorded.opened import read
from core.recorded.recorded import Recorded
from core.schedule import Even, Log, Schedule

GENERATOR = torch.Generator().manual_seed(0)
X = torch.randn(400, 6, generator=GENERATOR)
Y = (X @ torch.randn(6, 3, generator=GENERATOR)).argmax(1)
PROBE, LABELS = X[200:], Y[200:]


def network() -> nn.Module:
    """One that a look would disturb: dropout draws random numbers, and batch norm keeps running means."""
    return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.3), nn.BatchNorm1d(16), nn.Linear(16, 3))


def trained(look: Callable[[int, nn.Module], None], steps: int = 60) -> dict[str, torch.Tensor]:
    """The state at the end of a training in which every step is looked at."""
    torch.manual_seed(1)
    model = network()
    model[3].eval()  # a person's own choice, which stays
    model[0].bias.requires_grad = False
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1, momentum=0.9)
    for step in range(steps):
        look(step, model)
        assert [part.training for part in model[:4]] == [True, True, True, False]
        rows = torch.randint(200, (16,))
        loss = nn.functional.cross_entropy(model(X[rows]), Y[rows])
        optimizer.zero_grad()
        loss.backward()
        look(step, model)  # gradients are there
        optimizer.step()
    assert not model[0].bias.requires_grad
    return {**model.state_dict(), "drawn": torch.rand(3), "numpy": torch.tensor(np.random.rand(2))}  # noqa: NPY002


def test_training_ends_bit_for_bit_as_without_it() -> None:
    np.random.seed(0)  # noqa: NPY002
    with_it = trained(Recorder(PROBE, LABELS, train=(X[:50], Y[:50])))
    np.random.seed(0)  # noqa: NPY002
    without = trained(lambda step, model: None)
    assert with_it.keys() == without.keys()
    assert all(torch.equal(with_it[name], without[name]) for name in without)


def test_what_it_keeps_is_what_the_network_says(tmp_path: Path) -> None:
    model, rec = network(), Recorder(PROBE, LABELS, last_step=4, schedule=Even(4), batch_size=7, train=(X[:30], Y[:30]))
    said = []
    for step in range(5):
        rec(step, model, train_loss=1 / (step + 1))
        model.eval()
        said.append([model(PROBE).detach(), model(X[:30]).detach()])
        model.train()
        with torch.no_grad():
            model[4].weight.mul_(2)
            model[4].bias.add_(1)
    rec.save(tmp_path / "run.npz")
    found = read((tmp_path / "run.npz").read_bytes())
    np.testing.assert_array_equal(found.steps, [0, 1, 2, 3, 4, 5])  # the last change came after the last call
    for snapshot, (probe, train) in enumerate(said):
        np.testing.assert_array_equal(found.predictions[snapshot], probe.argmax(1).numpy())
        assert found.train_predictions is not None
        np.testing.assert_array_equal(found.train_predictions[snapshot], train.argmax(1).numpy())
        top = probe.gather(1, LABELS[:, None])[:, 0]
        others = probe.scatter(1, LABELS[:, None], -torch.inf).max(1).values
        assert found.margins is not None
        np.testing.assert_allclose(found.margins[snapshot], (top - others).numpy(), atol=5e-3)
    np.testing.assert_allclose(found.curves["train_loss"], [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, np.nan], rtol=1e-6)
    assert found.curves["relative_weight_change"][0] == 0 < found.curves["relative_weight_change"][-1]


def test_kinks_are_where_units_switch() -> None:
    model = network()
    found = kinks(model, PROBE, LABELS.numpy())
    assert found is not None
    x0, x1 = (PROBE[one == LABELS].mean(0) for one in (0, 1))
    place = torch.from_numpy(found)[:, None] * (x1 - x0) + x0  # (unit, input)
    before = (model[0].weight * place).sum(1) + model[0].bias
    assert before.abs().max() < 1e-4
    assert kinks(nn.Sequential(nn.Linear(6, 4), nn.Tanh()), PROBE, LABELS.numpy()) is None
    assert kinks(nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU()), PROBE, LABELS.numpy()) is None


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # what torch imports to compile
@pytest.mark.parametrize("wrap", [torch.compile, nn.DataParallel, lambda model: model])
def test_wrapped_modules_are_looked_into(wrap: Callable[[nn.Module], nn.Module]) -> None:
    model = network()
    rec = Recorder(PROBE, LABELS, last_step=1)
    rec(0, wrap(model))
    rec(1, wrap(model))
    model.eval()
    np.testing.assert_array_equal(rec.recorded().predictions[0], model(PROBE).argmax(1).numpy())


def test_one_logit_is_two_classes() -> None:
    labels = (PROBE[:, 0] > 0).long()
    rec = Recorder(PROBE, labels, last_step=1)
    for step in (0, 1):
        rec(step, nn.Linear(6, 1))
    assert rec.recorded().classes == 2


@pytest.mark.parametrize("last", [1, 90, 20_000, 1_000_000])
def test_a_schedule_of_so_many(last: int) -> None:
    steps = Schedule.log(150).steps(last)
    assert (steps[0], steps[-1]) == (0, last)
    assert len(steps) <= 150
    assert len(steps) >= min(last + 1, 130)


def test_without_a_last_step_snapshots_are_thinned() -> None:
    rec = Recorder(PROBE, LABELS, schedule=Schedule.log(40))
    for step in range(30_000):
        if rec.due(step):
            rec.add(step, predictions=LABELS)
    steps = rec.recorded().steps
    assert 20 <= len(steps) <= 41
    late = np.diff(np.log(steps[steps > 100]))
    assert late.max() < 2.6 * late.min()


def test_it_is_a_context_and_a_callback() -> None:
    model = network()
    with Recorder(PROBE, LABELS, last_step=3) as rec:
        tell = rec.callback(model)
        for step in range(3):
            tell(step)
            with torch.no_grad():
                model[4].bias.add_(1)
    np.testing.assert_array_equal(rec.recorded().steps, [0, 1, 2, 3])


def test_other_frameworks_give_their_predictions() -> None:
    rec = Recorder(PROBE.numpy(), LABELS.numpy(), last_step=1)
    rec.add(0, predictions=np.zeros(200, int), train_loss=1.0)
    rec.add(1, predictions=LABELS.numpy(), margins=np.ones(200))
    rec.add_explainer("my CNN", LABELS.numpy())
    found = rec.recorded()
    assert isinstance(found, Recorded)
    assert list(found.explainers) == ["my CNN"]
    with pytest.raises(DataError, match=r"explainer: a name of 1 to 60 letters.* got my CNN \[small\]"):
        rec.add_explainer("my CNN [small]", LABELS.numpy())
    assert found.margins is None  # not of every step


def test_our_explainers_are_fitted_on_the_spot() -> None:
    rec = Recorder(PROBE, LABELS, last_step=1)
    rec.explain(X[:200], Y[:200], ("linear", "tree"))
    right = {name: float((values == LABELS.numpy()).mean()) for name, values in rec.explainers.items()}
    assert right["linear"] > 0.9 > right["tree"] > 0.4


def test_margins_by_hand() -> None:
    found = margins(np.array([[1.0, 3.0, 2.5], [4.0, 0.0, 1.0]], np.float32), np.array([1, 2]))
    np.testing.assert_allclose(found, [0.5, -3.0])


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match=r"keep: some of predictions, margins, kinks, weights; got gradients\."):
        Recorder(PROBE, LABELS, keep=("gradients",))
    with pytest.raises(ValueError, match="last_step: the last step of the training"):
        Recorder(PROBE, LABELS, schedule=Log())
    rec = Recorder(PROBE, LABELS, last_step=3)
    rec(1, network())
    with pytest.raises(ValueError, match="step: rising numbers; got 0 after 1"):
        rec(0, network())
    with pytest.raises(ValueError, match="curves: some of train_loss"):
        rec.add(2, predictions=LABELS, accuracy=0.5)
    with pytest.raises(DataError, match="recording: step: 2 to 2,000 recorded steps; got 0"):
        Recorder(PROBE, LABELS).recorded()
