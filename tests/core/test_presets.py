"""Presets are valid, and the command line that a page shows trains just what it shows."""

import hashlib
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.__main__ import UsageError, _experiment, _parser
from core.choices import DATASETS, TEN_CLASSES
from core.datasets import CATALOGUE
from core.presets import command_line
from core.store import Store
from core.studies.clones.experiment import Clones
from core.studies.complexity.experiment import Complexity
from core.studies.directions.experiment import Directions
from core.studies.explorer.experiment import Explorer
from core.studies.greedy.experiment import Greedy
from core.studies.phase_plane.experiment import PhasePlane
from core.studies.small_mnist.experiment import SmallMnist
from core.study import presets
from core.values import log2_grid


def parsed(line: str) -> Any:
    words = shlex.split(line)
    assert words[:4] == ["python", "-m", "core", "train"]
    return _parser().parse_args(words[3:])


def experiment_of(line: str) -> Explorer:
    return _experiment(parsed(line), Store.default())


PAGES = ("explorer", "kinks", "complexity", "phase_plane", "learning_dynamics", "learning_rate", "grokking")


@pytest.mark.parametrize("name", presets())
def test_a_preset_is_named_by_its_page_and_can_be_drawn(name: str) -> None:
    preset = presets()[name]
    page = name.partition("/")[0]
    assert page in PAGES
    assert preset.title
    assert preset.sentence.endswith((".", "?"))
    files = ""
    if isinstance(preset.experiment, Explorer):
        assert preset.experiment.n_train <= CATALOGUE[preset.experiment.dataset].n_train_max
        assert preset.experiment.runs >= 100
        files = " --data-dir DIR" if CATALOGUE[preset.experiment.dataset].files else ""
    if isinstance(preset.experiment, Directions):
        assert max(preset.experiment.n_train) <= CATALOGUE[preset.experiment.dataset].n_train_max
        files = " --data-dir DIR" if CATALOGUE[preset.experiment.dataset].files else ""
    if isinstance(preset.experiment, PhasePlane):
        assert preset.experiment.n_train[-1] <= CATALOGUE[preset.experiment.dataset].n_train_max
        files = " --data-dir DIR" if CATALOGUE[preset.experiment.dataset].files else ""
    if isinstance(preset.experiment, Complexity):
        dataset = CATALOGUE[preset.experiment.dataset]
        assert preset.experiment.n_train <= dataset.n_train_max
        files = " --data-dir DIR" if dataset.files else " --csv FILE" if dataset.name == "csv" else ""
    if isinstance(preset.experiment, Clones):
        files = " --data-dir DIR" if CATALOGUE[preset.experiment.dataset].files else ""
    if isinstance(preset.experiment, Greedy):
        files = " --data-dir DIR" if CATALOGUE[preset.experiment.dataset].files else ""
    if isinstance(preset.experiment, SmallMnist):
        files = " --data-dir DIR"
    assert command_line(preset.experiment) == f"python -m core train {name}{files} --out results"
    if "FILE" in files:
        with pytest.raises(UsageError, match="--set path=FILE"):
            experiment_of(f"python -m core train {name} --out results")
        return
    assert experiment_of(command_line(preset.experiment)) == preset.experiment


def test_presets_are_different_experiments_and_some_ship() -> None:
    assert len({preset.experiment for preset in presets().values()}) == len(presets())
    assert sum(preset.shipped for preset in presets().values()) >= 4
    assert {name: entry.title for name, entry in CATALOGUE.items()} == {**DATASETS, **TEN_CLASSES}


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "dataset": st.sampled_from([name for name in DATASETS if name != "csv"]),
        "n_train": st.integers(64, 1000),
        "width": st.integers(1, 1024),
        "depth": st.integers(1, 5),
        "activation": st.sampled_from(["relu", "gelu"]),
        "alphas": st.sampled_from([(1.0,), (2**-0.37, 3.0), log2_grid(-7.3, 2, 5)]),
        "temperatures": st.sampled_from([(0.1,), (1e-5, 1 / 3), log2_grid(-7.3, 2, 5)]),
        "batch_size": st.integers(1, 64),
        "seeds": st.sampled_from([(1,), (2, 0, 1), (2**31 - 1,)]),
        "step_limit": st.integers(1, 200_000),
        "line": st.sampled_from([(), (0, 1), (63, 4)]),
    },
)


@given(CHANGES)
def test_the_command_line_of_any_experiment_trains_it(changes: dict[str, Any]) -> None:
    experiment = replace(Explorer(), **changes)
    line = command_line(experiment)
    assert experiment_of(line) == experiment
    assert "\n" not in line
    assert line.count("--set") <= len(changes)


def test_a_grid_is_written_as_in_a_link() -> None:
    line = command_line(replace(Explorer(), alphas=log2_grid(-2, 4, 5)))
    assert line == "python -m core train explorer/digits --set 'alphas=2^-2..2^4/5' --out results"


def test_the_command_line_of_an_own_table_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_CACHE", str(tmp_path))
    table = tmp_path / "table.csv"
    table.write_text("x,label\n" + "".join(f"{i},{i % 2}\n" for i in range(40)))
    for n_train in (16, 64):
        experiment = Explorer(
            dataset="csv", csv_digest=hashlib.sha256(table.read_bytes()).hexdigest(), n_train=n_train, width=5
        )
        line = command_line(experiment)
        assert " --csv FILE " in line
        assert experiment.csv_digest not in line
        assert experiment_of(line.replace("FILE", str(table))) == experiment
