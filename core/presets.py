"""From an experiment to the command that trains it: the nearest preset, and what differs from it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import fields

from core.datasets import CATALOGUE
from core.experiment import Experiment, Untrained, digest
from core.study import study_of
from core.values import as_text

LONGEST_NAME = 80
"""Of what a file's name says of the settings."""


def command_line(experiment: Experiment) -> str:
    """Return the shortest `python -m core train` line that trains `experiment`.

    FILE and DIR stand for what only the reader knows: where their table, or the official data files, lie.
    """
    dataset = experiment.trained_on_files
    name, changed = _nearest(experiment)
    sets = [_set(experiment, field) for field in changed]
    files = ["--csv FILE"] if dataset == "csv" else ["--data-dir DIR"] if dataset and CATALOGUE[dataset].files else []
    return " ".join(["python -m core train", name, *sets, *files, "--out results"])


def file_name(experiment: Experiment, *what: str) -> str:
    """Return the stem of a file's name: the page, what the file holds, and the settings, `w64` for a width of 64."""
    if isinstance(experiment, Untrained):
        return "-".join(["trainscope", *what])
    preset, changed = _nearest(experiment)
    page, _, title = preset.partition("/")
    width = [f"w{experiment.width}"] if hasattr(experiment, "width") else []
    sets = [f"{name}-{as_text(getattr(experiment, name))}" for name in changed if name not in ("width", "csv_digest")]
    settings = re.sub(r"[^\w.^,-]+", "-", "-".join([title, *width, *sets]))
    if len(settings) > LONGEST_NAME:
        settings = f"{settings[: LONGEST_NAME - 9]}-{digest(experiment)[:8]}"
    return "-".join(["trainscope", page, *what, settings])


def _nearest(experiment: Experiment) -> tuple[str, Sequence[str]]:
    """Return the name of the preset that differs in least from an experiment, and the fields in which it does."""

    def changed(base: Experiment) -> list[str]:
        if experiment.trained_on_files == "csv":
            base = base.with_table(experiment.csv_digest)  # type: ignore[attr-defined]
        return [f.name for f in fields(experiment) if getattr(experiment, f.name) != getattr(base, f.name)]

    found = {name: changed(preset.experiment) for name, preset in study_of(experiment).presets.items()}
    nearest = min(found, key=lambda name: len(" ".join(_set(experiment, field) for field in found[name])))
    return nearest, found[nearest]


def _set(experiment: Experiment, field: str) -> str:
    return f"--set {shlex.quote(f'{field}={as_text(getattr(experiment, field))}')}"
