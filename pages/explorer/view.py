"""What a visitor looks at, as one value, and its form as a link.

Every setting stands in every link, with a schema number: a default that changes later cannot change what an old link
means. A link that a hand has broken costs its broken fields only, and each is named in a sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from core.choices import ACTIVATIONS
from core.datasets import CATALOGUE
from core.links import short
from core.studies.explorer.charts.cells import MEASURES
from core.studies.explorer.experiment import LIMITS, Explorer
from core.values import Bounds, ExperimentError, log2_grid, parse_number

LINK_SCHEMA = 1
CHOICES: Mapping[str, tuple[str, ...]] = {
    "dataset": tuple(CATALOGUE),
    "activation": ACTIVATIONS,
    "colour": tuple(MEASURES),
    "when": ("fitting time", "played step"),
    "axis": ("log", "linear"),
}
LINE_WORDS = "empty for the class means, or two training points such as 3-17"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run: what its controls say. Two of these differ in what a pinned run differs in."""

    dataset: str = "digits_parity"
    n_train: int = 512
    width: int = 64
    depth: int = 1
    activation: str = "relu"
    batch_size: int = 16
    seed: int = 0
    alpha: float = log2_grid(-8, 10, 12)[5]
    temperature: float = log2_grid(-10, -1, 12)[5]
    step_limit: int = 20_000
    line: tuple[int, ...] = ()
    csv: str = ""
    coldest: float = -10.0
    """log2 of the lowest temperature of the plane, which spans 2^9."""

    def plane(self) -> Explorer:
        """Return the (alpha, T) plane around the run, 12 by 12.

        Raises:
            ExperimentError: settings that do not go together.
        """
        return Explorer(
            dataset=self.dataset,
            n_train=self.n_train,
            width=self.width,
            depth=self.depth,
            activation=self.activation,
            alphas=ALPHAS,
            temperatures=log2_grid(self.coldest, self.coldest + 9, 12),
            batch_size=self.batch_size,
            seeds=(self.seed,),
            step_limit=self.step_limit,
            line=self.line,
            csv_digest=self.csv,
        )

    def point(self) -> Explorer:
        """Return the run by itself."""
        return self.plane().at(self.alpha, self.temperature)

    @property
    def learning_rate(self) -> float:
        """T * batch_size * width."""
        return self.temperature * self.batch_size * self.width

    @classmethod
    def of(cls, plane: Explorer) -> Self:
        """Return the run in the middle of a 12 x 12 plane."""
        alphas, temperatures = plane.alphas, plane.temperatures
        return cls(
            dataset=plane.dataset,
            n_train=plane.n_train,
            width=plane.width,
            depth=plane.depth,
            activation=plane.activation,
            batch_size=plane.batch_size,
            seed=plane.seeds[0],
            alpha=alphas[len(alphas) // 2 - 1],
            temperature=temperatures[len(temperatures) // 2 - 1],
            step_limit=plane.step_limit,
            line=plane.line,
            csv=plane.csv_digest,
            coldest=round(math.log2(temperatures[0]), 2),
        )


ALPHAS = log2_grid(-8, 10, 12)


@dataclass(frozen=True, kw_only=True)
class View:
    """A run, how it is shown, the step at which it rests (None: it plays), and the run pinned beside it."""

    run: Settings = Settings()
    colour: str = "test_error"
    when: str = "fitting time"
    axis: str = "log"
    step: int | None = None
    pinned: Settings | None = None


RANGES: Mapping[str, Bounds] = {
    **{name: LIMITS[name] for name in ("n_train", "width", "depth", "batch_size", "seed", "alpha", "temperature")},
    "step_limit": LIMITS["step_limit"],
    "step": Bounds(0, LIMITS["step_limit"].high),
    "coldest": Bounds(-24, -3),
}
WHOLE = ("n_train", "width", "depth", "batch_size", "seed", "step_limit", "step")


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters."""
    query = {"v": str(LINK_SCHEMA)} | _run_words(view.run)
    query |= {"colour": view.colour, "when": view.when, "axis": view.axis}
    if view.step is not None:
        query["step"] = str(view.step)
    if view.pinned is not None:
        query["pin"] = ";".join(f"{name}:{text}" for name, text in _run_words(view.pinned).items())
    return query


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    said: list[str] = []
    if query.get("v", str(LINK_SCHEMA)) != str(LINK_SCHEMA):
        return View(), [f"v: this version reads links of schema {LINK_SCHEMA}; got {short(query['v'])}."]
    known = {f.name for f in fields(Settings)} | {f.name for f in fields(View)} - {"run", "pinned"} | {"v", "pin"}
    said += [f"{short(name)}: no such setting in a link; it is ignored." for name in query if name not in known]
    run = _settings({name: text for name, text in query.items() if name in known}, said)
    shown = {name: _read(name, query[name], said) for name in ("colour", "when", "axis", "step") if name in query}
    view = View(run=run, **{name: value for name, value in shown.items() if value is not None})
    if "pin" in query:
        before = len(said)
        words = dict(part.split(":", 1) for part in query["pin"].split(";") if ":" in part)
        pinned = _settings(words, said)
        if len(said) == before and words and words.keys() <= {f.name for f in fields(Settings)}:
            view = replace(view, pinned=pinned)
        else:
            said[before:] = [f"pin: a run as the app writes it in a link; got {short(query['pin'])}."]
    return view, said


def differences(one: Settings, other: Settings) -> list[str]:
    """Return the settings in which two runs differ, as `name value (value)`."""
    found = []
    for f in fields(Settings):
        mine, theirs = getattr(one, f.name), getattr(other, f.name)
        if mine != theirs and f.name != "coldest":
            found.append(f"{NAMES.get(f.name, f.name)} {shown(f.name, theirs)} (here {shown(f.name, mine)})")
    return found


NAMES = {
    "n_train": "n_train",
    "alpha": "α",
    "temperature": "T",
    "batch_size": "batch size",
    "step_limit": "step limit",
    "csv": "file",
}


def shown(name: str, value: Any) -> str:
    """Return a setting as a person reads it."""
    if name == "dataset":
        return CATALOGUE[value].title
    if name in ("alpha", "temperature"):
        return f"{value:.4g}"
    if name == "line":
        return "through " + " and ".join(map(str, value)) if value else "through the class means"
    return str(value)[:12]


def _run_words(run: Settings) -> dict[str, str]:
    words = {f.name: _write(getattr(run, f.name)) for f in fields(Settings)}
    return {name: text for name, text in words.items() if text or name not in ("line", "csv")}


def _write(value: Any) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value))
    if isinstance(value, float):
        exponent = round(math.log2(value), 2) if value > 0 else None
        return f"2^{exponent:g}" if exponent is not None and 2.0**exponent == value else repr(value)
    return str(value)


def _settings(words: Mapping[str, str], said: list[str]) -> Settings:
    """Read what can be read; of settings that do not go together, the one that the error names gives way."""
    names = {f.name for f in fields(Settings)}
    values = {name: _read(name, text, said) for name, text in words.items() if name in names}
    run = Settings(**{name: value for name, value in values.items() if value is not None})
    for _ in GIVES_WAY:
        try:
            run.point()
        except ExperimentError as error:
            said.append(str(error))
            run = GIVES_WAY[error.field](run)
    return run


GIVES_WAY: Mapping[str, Callable[[Settings], Settings]] = {
    "batch_size": lambda run: replace(run, batch_size=min(Settings.batch_size, run.n_train)),
    "line": lambda run: replace(run, line=()),
    "csv_digest": lambda run: replace(run, dataset=Settings.dataset if run.dataset == "csv" else run.dataset, csv=""),
}
"""What becomes of a run in which a setting does not go with the others, by the field that the error names."""


def _read(name: str, text: str, said: list[str]) -> Any:
    """Return the value of one field, or None and a sentence."""
    try:
        if name in CHOICES:
            if text not in CHOICES[name]:
                raise ExperimentError(name, f"one of {', '.join(CHOICES[name])}", text)
            return text
        if name == "line":
            return read_line(text)
        if name == "csv":
            return text
        value = parse_number(name, text)
        bounds = RANGES[name]
        kind = "a whole number, " if name in WHOLE else ""
        if not bounds.low <= value <= bounds.high or (name in WHOLE and value != int(value)):
            raise ExperimentError(name, f"{kind}{bounds}", text)
        return int(value) if name in WHOLE else value
    except ExperimentError as error:
        said.append(str(error))
        return None


def read_line(text: str) -> tuple[int, ...]:
    """Return the two training points of `3-17`, or none for no text.

    Raises:
        ExperimentError: anything else.
    """
    if not text:
        return ()
    if not re.fullmatch("[0-9]{1,5}-[0-9]{1,5}", text):
        raise ExperimentError("line", LINE_WORDS, text)
    return tuple(int(part) for part in text.split("-"))
