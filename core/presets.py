"""From an experiment to the command that trains it: the nearest preset, and what differs from it."""

from __future__ import annotations

import shlex
from dataclasses import fields

from core.datasets import CATALOGUE
from core.experiment import Experiment
from core.study import study_of
from core.values import as_text


def command_line(experiment: Experiment) -> str:
    """Return the shortest `python -m core train` line that trains `experiment`.

    FILE and DIR stand for what only the reader knows: where their table, or the official data files, lie.
    """
    dataset = experiment.trained_on_files
    own = dataset == "csv"

    def differences(base: Experiment) -> list[str]:
        if own:
            base = base.with_table(experiment.csv_digest)  # type: ignore[attr-defined]
        changed = [f.name for f in fields(experiment) if getattr(experiment, f.name) != getattr(base, f.name)]
        return [f"--set {shlex.quote(f'{name}={as_text(getattr(experiment, name))}')}" for name in changed]

    found = {name: differences(preset.experiment) for name, preset in study_of(experiment).presets.items()}
    name = min(found, key=lambda name: len(" ".join(found[name])))
    files = ["--csv FILE"] if own else ["--data-dir DIR"] if dataset and CATALOGUE[dataset].files else []
    return " ".join(["python -m core train", name, *found[name], *files, "--out results"])
