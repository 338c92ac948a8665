"""What a host allows: one record, whose fields are environment variables with a default for each of two modes.

`personal` is an app on a machine of one's own, `public` one that strangers visit. `python -m core limits` prints the
table. A field `job_seconds` is set by `TRAINSCOPE_JOB_SECONDS`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from core.experiment import Experiment
from core.values import ExperimentError

MODE = "TRAINSCOPE_MODE"
MODES = ("personal", "public")
NONE = 10**15
"""No bound that anything reaches."""


class RefusedError(ValueError):
    """One sentence: what this host does not allow."""


def _limit(personal: int, public: int, text: str) -> Any:
    return field(default=personal, metadata={"personal": personal, "public": public, "text": text})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a host allows; a flag is 0 or 1."""

    data_folders: int = _limit(1, 0, "1: a visitor may name the folder of MNIST and CIFAR-10 files")
    downloads: int = _limit(1, 0, "1: a visitor may have those files downloaded from OpenML")
    uploads: int = _limit(1, 1, "1: a visitor may upload files: tables, recordings")
    private_uploads: int = _limit(0, 1, "1: an uploaded file lives as long as its visit, and no other visit reaches it")
    upload_bytes: int = _limit(64_000_000, 5_000_000, "of an uploaded file")
    unpacked_bytes: int = _limit(1_000_000_000, 100_000_000, "of what a file from outside holds, unpacked")
    upload_requests: int = _limit(NONE, 20, "uploads of one visit")
    runs: int = _limit(NONE, 1_500, "networks of one training")
    width: int = _limit(NONE, 1_024, "units of a layer")
    depth: int = _limit(NONE, 8, "layers")
    job_seconds: int = _limit(604_800, 600, "a training may take, by its usual estimate and by the clock")
    job_bytes: int = _limit(NONE, 3_000_000_000, "of memory a training may take")
    waiting: int = _limit(1_000, 40, "trainings that wait or train, of all visitors")
    waiting_each: int = _limit(1_000, 4, "trainings that wait or train, of one visitor")
    nice: int = _limit(5, 15, "by how much training gives way to the app and to everything else, 0 to 19")
    left_seconds: int = _limit(43_200, 6, "that a training goes on after the last who waited for it has left")
    memory_bytes: int = _limit(400_000_000, 100_000_000, "of decoded snapshots and charts in the app's process")
    cache_bytes: int = _limit(2_000_000_000, 2_000_000_000, "of trained snapshots on disk")

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Limits:
        """Return what an environment says, with the defaults of its mode.

        Raises:
            ExperimentError: an unknown mode, or a value that is no whole number.
        """
        mode = mode_of(environment)
        return cls(**{f.name: _whole(environment, variable(f.name), f.metadata[mode]) for f in fields(cls)})

    def refusal(self, experiment: Experiment, seconds: float) -> str:
        """Say why a training that usually takes so many seconds is not begun here, or nothing."""
        for name, most in (("width", self.width), ("depth", self.depth), ("runs", self.runs)):
            if (came := _size(experiment, name)) > most:
                return f"{name}: at most {most:,} on this host; got {came:,}."
        if seconds > self.job_seconds:
            return f"A training may take {self.job_seconds:,} s on this host; this one takes about {seconds:,.0f} s."
        return ""


def mode_of(environment: Mapping[str, str]) -> str:
    """Return the mode that an environment names, `personal` by default."""
    mode = environment.get(MODE) or MODES[0]
    if mode not in MODES:
        raise ExperimentError(MODE, f"one of {', '.join(MODES)}", mode)
    return mode


def here() -> Iterator[tuple[str, str, str]]:
    """Yield what this host allows: what is bounded, the bound, and the variable that sets it."""
    own = limits()
    for one in fields(Limits):
        value = getattr(own, one.name)
        yield one.metadata["text"], "none" if value == NONE else f"{value:,}", variable(one.name)


def limits() -> Limits:
    """Return what this host allows."""
    return Limits.of(os.environ)


def workers(otherwise: int) -> int:
    """Return how many processes train on this host.

    Raises:
        ExperimentError: TRAINSCOPE_WORKERS is none of 1, 2, ...
    """
    return _whole(os.environ, "TRAINSCOPE_WORKERS", otherwise, 1)


def variable(name: str) -> str:
    """Return the environment variable of a limit."""
    return f"TRAINSCOPE_{name.upper()}"


def table() -> Iterator[str]:
    """Write the limits, one a line: the variable, its default in each mode, and what it bounds."""
    yield f"{'variable':28} {MODES[0]:>15} {MODES[1]:>15}  what it bounds"
    for one in fields(Limits):
        values = (one.metadata[mode] for mode in MODES)
        personal, public = ("none" if value == NONE else str(value) for value in values)
        yield f"{variable(one.name):28} {personal:>15} {public:>15}  {one.metadata['text']}"


def _whole(environment: Mapping[str, str], name: str, otherwise: int, least: int = 0) -> int:
    text = environment.get(name, "").strip() or str(otherwise)
    if not text.isdecimal() or not least <= int(text) <= NONE:
        raise ExperimentError(name, f"a whole number, {least} or more", text)
    return int(text)


def _size(experiment: Experiment, name: str) -> int:
    """Return the largest value that an experiment has of a size; 0 if it has none of the name."""
    if name == "runs":
        return experiment.runs
    found = (getattr(experiment, field, 0) for field in (name, f"{name}s"))
    return max(int(max(value, default=0)) if isinstance(value, tuple) else int(value or 0) for value in found)
