"""A recorder for anybody's training: what a network says of a probe set while it trains, as a file.

Five lines in any loop of PyTorch::

    from core.record import Recorder

    rec = Recorder(probe_inputs, probe_labels)
    for step, (x, y) in enumerate(batches):
        rec(step, model)
        ...  # train on the batch
    rec.save("run.npz")

`python -m core open run.npz` writes the measures of it as tables; the Complexity page draws them. Other frameworks give
their predictions by hand: `rec.add(step, predictions=..., train_loss=...)`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from core.explainers.names import OF_NUMBERS
from core.recorded.recorded import CURVES, Recorded, check_name, encoded, flat
from core.schedule import Schedule, Spread

KEEP = ("predictions", "margins", "kinks", "weights")
"""What a recorder may keep; predictions always are."""

Predict = Callable[[nn.Module, Tensor], Any]


class Recorder:
    """Keeps hard predictions on a probe set, and more, at steps that it chooses; the training does not notice.

    While it looks, the model is in eval mode and without gradients; modes, buffers, `requires_grad`, gradients and the
    state of every random generator are afterwards as they were.

    Args:
        inputs: of the probe set, (point, ...): test points that the network is not trained on.
        labels: their classes, (point,), whole numbers from 0.
        schedule: which steps; by default up to 150 that spread evenly over the logarithm of the step. With `Spread`
            the last step need not be known: snapshots are thinned as they come to be too many.
        last_step: how many steps the training takes; other schedules need it.
        keep: some of `KEEP`.
        train: inputs and labels of training points: the network's predictions on them are recorded, too.
        batch_size: points of a forward pass.
        predict: what gives logits (point, class), or (point,) for two classes, if not `model(inputs)`.
        keep_inputs: whether the file holds the inputs, too, so that the page fits explainers and shows images.

    Raises:
        ValueError: a word of `keep` is unknown, or the last step is needed.
    """

    def __init__(
        self,
        inputs: Tensor | ArrayLike,
        labels: Tensor | ArrayLike,
        *,
        schedule: Schedule | None = None,
        last_step: int | None = None,
        keep: Sequence[str] = KEEP,
        train: tuple[Tensor | ArrayLike, Tensor | ArrayLike] | None = None,
        batch_size: int = 200,
        predict: Predict | None = None,
        keep_inputs: bool = False,
    ) -> None:
        if other := set(keep) - set(KEEP):
            raise ValueError(f"keep: some of {', '.join(KEEP)}; got {', '.join(sorted(other))}.")
        self.schedule = schedule or Schedule.log(150)
        if last_step is None and not isinstance(self.schedule, Spread):
            raise ValueError("last_step: the last step of the training, which this schedule needs; got none.")
        self.planned = None if last_step is None else set(self.schedule.steps(last_step).tolist())
        self.inputs, self.labels = _tensor(inputs), _array(labels).astype(np.int64)
        self.train = None if train is None else (_tensor(train[0]), _array(train[1]).astype(np.int64))
        self.keep, self.batch_size, self.predict, self.keep_inputs = set(keep), batch_size, predict, keep_inputs
        self.explainers: dict[str, NDArray[np.int64]] = {}
        self._kept: dict[int, dict[str, Any]] = {}
        self._growth = 1.0
        self._last: tuple[int, nn.Module, Tensor | None] | None = None
        self._first_weights: list[Tensor] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.finish()

    def __call__(self, step: int, model: nn.Module, **curves: float) -> None:
        """Record the model if it is time for it; `step` counts the steps taken so far.

        Args:
            step: a whole number that rises.
            model: any module, compiled or parallel ones too.
            curves: train_loss, test_loss, if they are known.
        """
        model = _plain(model)
        if self._last is not None and step < self._last[0]:
            raise ValueError(f"step: rising numbers; got {step} after {self._last[0]}.")
        self._last = (step, model, _head(model))
        if self.due(step):
            self._record(step, model, curves)

    def callback(self, model: nn.Module) -> Callable[[int], None]:
        """Return a function of the step alone, for trainers that call one."""
        return lambda step: self(step, model)

    def add(self, step: int, *, predictions: ArrayLike, margins: ArrayLike | None = None, **curves: float) -> None:
        """Keep what another framework gives: predictions on the probe set (point,), and train_loss, test_loss, ...

        Raises:
            ValueError: a curve of another name.
        """
        _check_curves(curves)
        if self.due(step):
            given = {"predictions": _array(predictions).astype(np.int64), **curves}
            self._kept[step] = given if margins is None else given | {"margins": _array(margins)}
            self._thin()

    def due(self, step: int) -> bool:
        """Whether a step is one that is recorded: for loops in which a prediction costs something."""
        if step in self._kept:
            return False
        if self.planned is not None:
            return step in self.planned
        if not self._kept:
            return True
        last = max(self._kept)
        return step >= max(last + 1, round(last * self._growth))

    def add_explainer(self, name: str, predictions: ArrayLike) -> None:
        """Keep the predictions of a simpler classifier on the probe set, (point,), or (snapshot, point) over time.

        Raises:
            DataError: it may not be called that; better said now than when the training is over.
        """
        check_name(name)
        self.explainers[name] = _array(predictions).astype(np.int64)

    def explain(
        self, inputs: Tensor | ArrayLike, labels: Tensor | ArrayLike, names: Sequence[str] = OF_NUMBERS
    ) -> None:
        """Fit our explainers to training points here, so that the file needs no inputs: minutes, not seconds.

        Args:
            inputs: training inputs, (point, ...), of the shape of the probe set's; some thousands are enough.
            labels: their classes, (point,).
            names: which; by default all that need nothing but numbers.
        """
        from core.explainers.classes import fit_classes

        x, y, probe = flat(_raw(_tensor(inputs))), _array(labels).astype(np.int64), flat(_raw(self.inputs))
        for name in names:
            self.explainers[name] = fit_classes(name, x, y, int(max(self.labels.max(), y.max())) + 1)(probe)

    def finish(self) -> None:
        """Record the network as it is at the end, if that is not recorded yet."""
        if self._last is not None:
            step, model, head = self._last
            now = _head(model)
            moved = head is not None and now is not None and not torch.equal(head, now)
            if moved or step not in self._kept:
                self._record(step + int(moved), model, {}, thin=False)
            self._last = None

    def recorded(self) -> Recorded:
        """Return what was recorded; raise `core.datasets.DataError` if that is too little to be a recording."""
        self.finish()
        steps = sorted(self._kept)
        kept = [self._kept[step] for step in steps]
        names = set().union(*kept) if kept else set()

        def stacked(name: str) -> Any:
            return np.stack([one[name] for one in kept]) if all(name in one for one in kept) and kept else None

        curves = {name: np.array([one.get(name, np.nan) for one in kept]) for name in CURVES if name in names}
        classes = int(max(self.labels.max(initial=0), *(int(one["predictions"].max()) for one in kept), 1)) + 1
        classes = max([classes, *(one["classes"] for one in kept if "classes" in one)])
        x, y = (None, None) if self.train is None else self.train
        found = stacked("predictions")
        return Recorded(
            steps=np.array(steps, np.int64),
            predictions=np.zeros((0, len(self.labels))) if found is None else found,
            labels=self.labels,
            classes=classes,
            inputs=_raw(self.inputs) if self.keep_inputs else None,
            train_inputs=_raw(x) if self.keep_inputs and x is not None else None,
            train_labels=y,
            train_predictions=stacked("train_predictions"),
            explainers=self.explainers,
            curves=curves,
            margins=stacked("margins"),
            kinks=stacked("kinks"),
        )

    def save(self, path: str | Path) -> Path:
        """Write the recording as an npz file, and return its path."""
        place = Path(path)
        place.write_bytes(encoded(self.recorded()))
        return place

    def _thin(self) -> None:
        """Drop snapshots that are closer than the schedule allows, once there are too many."""
        count = self.schedule.count if self.planned is None and isinstance(self.schedule, Spread) else None
        while count is not None and len(self._kept) > count:
            self._growth = max(1.02, self._growth**2)
            chosen, last = list[int](), -1.0
            for step in sorted(self._kept):
                if step >= last:
                    chosen.append(step)
                    last = max(step + 1, step * self._growth)
            self._kept = {step: self._kept[step] for step in chosen}

    def _record(self, step: int, model: nn.Module, curves: Mapping[str, float], *, thin: bool = True) -> None:
        _check_curves(curves)
        found: dict[str, Any] = {name: float(value) for name, value in curves.items()}
        with undisturbed(model):
            logits = self._logits(model, self.inputs)
            found |= {"predictions": logits.argmax(axis=1), "classes": logits.shape[1]}
            if "margins" in self.keep:
                found["margins"] = margins(logits, self.labels)
            if self.train is not None:
                found["train_predictions"] = self._logits(model, self.train[0]).argmax(axis=1)
            if "weights" in self.keep:
                found["relative_weight_change"] = self._weight_change(model)
            if "kinks" in self.keep and (own := kinks(model, self.inputs, self.labels)) is not None:
                found["kinks"] = own
        self._kept[step] = found
        if thin:
            self._thin()

    def _logits(self, model: nn.Module, inputs: Tensor) -> NDArray[np.float32]:
        """Return logits (point, class) on the CPU, batch by batch."""
        place = next((part for part in (*model.parameters(), *model.buffers())), None)
        parts = []
        for batch in torch.split(inputs, self.batch_size):
            moved = batch if place is None else batch.to(place.device, non_blocking=True)
            out = model(moved) if self.predict is None else self.predict(model, moved)
            parts.append(_output(out).float().cpu())
        logits = torch.cat(parts)
        if logits.ndim == 1 or logits.shape[1] == 1:
            one = logits.reshape(len(logits), 1)
            logits = torch.cat([torch.zeros_like(one), one], dim=1)
        found: NDArray[np.float32] = logits.numpy()
        return found

    def _weight_change(self, model: nn.Module) -> float:
        now = [weights.detach() for weights in model.parameters()]
        if self._first_weights is None:
            self._first_weights = [weights.clone() for weights in now]
        pairs = list(zip(now, self._first_weights, strict=True))
        moved = sum(float((new - old).square().sum()) for new, old in pairs)
        size = sum(float(old.square().sum()) for _, old in pairs)
        return float((moved / size) ** 0.5) if size else float("nan")


@contextmanager
def undisturbed(model: nn.Module) -> Iterator[None]:
    """Look at a model in eval mode without gradients, and leave it and the random generators as they were."""
    modes = [(module, module.training) for module in model.modules()]
    buffers = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    states = torch.get_rng_state(), random.getstate(), np.random.get_state()  # noqa: NPY002  (a model may draw from it)
    on_gpu = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else None
    try:
        model.eval()
        with torch.no_grad():
            yield
    finally:
        for module, training in modes:
            module.training = training
        for buffer, before in buffers:
            if not torch.equal(buffer, before):
                with torch.no_grad():
                    buffer.copy_(before)
        torch.set_rng_state(states[0])
        random.setstate(states[1])
        np.random.set_state(states[2])  # noqa: NPY002
        if on_gpu is not None:
            torch.cuda.set_rng_state_all(on_gpu)


def margins(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float16]:
    """Return the logit of the right class less the highest other one, (point,), from logits (point, class)."""
    rows = np.arange(len(labels))
    others = logits.copy()
    right = others[rows, labels].copy()
    others[rows, labels] = -np.inf
    with np.errstate(over="ignore"):
        found: NDArray[np.float16] = (right - others.max(axis=1)).astype(np.float16)
    return found


def kinks(model: nn.Module, inputs: Tensor, labels: NDArray[np.int64]) -> NDArray[np.float32] | None:
    """Return where first-layer units switch on the line through the means of the first two classes, (unit,).

    s = 0 is the mean of the first class and s = 1 that of the second: s_j = -(w_j.x0 + b_j) / (w_j.u). None unless the
    first layer with weights is a Linear that a ReLU follows; a unit that is the same along the line is NaN.
    """
    layers = [part for part in model.modules() if not list(part.children())]
    first = next((place for place, part in enumerate(layers) if list(part.parameters(recurse=False))), None)
    if first is None or first + 1 >= len(layers):
        return None
    layer, after = layers[first], layers[first + 1]
    if not isinstance(layer, nn.Linear) or not isinstance(after, nn.ReLU):
        return None
    flat = inputs.reshape(len(inputs), -1).double()
    if flat.shape[1] != layer.in_features:
        return None
    low, high = np.unique(labels)[:2]
    x0, x1 = (flat[torch.from_numpy(labels == one)].mean(dim=0) for one in (low, high))
    weights = layer.weight.detach().double().cpu()
    bias = torch.zeros(len(weights), dtype=torch.double) if layer.bias is None else layer.bias.detach().double().cpu()
    along = weights @ (x1 - x0)
    place = torch.where(along != 0, -(weights @ x0 + bias) / along, torch.nan)
    found: NDArray[np.float32] = place.float().numpy()
    return found


def _check_curves(names: Iterable[str]) -> None:
    if other := set(names) - set(CURVES):
        raise ValueError(f"curves: some of {', '.join(CURVES)}; got {', '.join(sorted(other))}.")


def _plain(model: nn.Module) -> nn.Module:
    """Return what a compiled or a parallel module wraps: to switch its mode would compile it again."""
    while True:
        inner = getattr(model, "_orig_mod", None)
        if inner is None and isinstance(model, nn.DataParallel | nn.parallel.DistributedDataParallel):
            inner = model.module
        if not isinstance(inner, nn.Module):
            return model
        model = inner


def _head(model: nn.Module) -> Tensor | None:
    """Return a copy of the last parameter that is trained, which any step changes."""
    trained = [weights for weights in model.parameters() if weights.requires_grad]
    return trained[-1].detach().clone() if trained else None


def _output(out: Any) -> Tensor:
    """Return the logits of what a model gave: a tensor, the first of several, or an entry `logits`."""
    if isinstance(out, Tensor):
        return out
    if hasattr(out, "logits"):
        return _output(out.logits)
    return _output(out["logits"] if isinstance(out, Mapping) else out[0])


def _tensor(values: Tensor | ArrayLike) -> Tensor:
    return values.detach().cpu() if isinstance(values, Tensor) else torch.from_numpy(np.array(values))


def _array(values: Any) -> NDArray[Any]:
    return values.detach().cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)


def _raw(inputs: Tensor) -> NDArray[Any]:
    found: NDArray[Any] = inputs.numpy()
    return found
