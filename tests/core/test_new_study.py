"""A whole study in one file: nothing else in the project has to know of it."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import altair as alt
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.__main__ import main
from core.experiment import Experiment
from core.field import number, seeds, whole
from core.figure import step_axis
from core.figure.drawing import svg
from core.figure.figure import Figure, specification
from core.figure.marks import marks_of
from core.part import Card, Part, Scene, Shown
from core.recording import AllStepsRecording
from core.schedule import Log
from core.split import by_runs, one_by_one
from core.store import Store
from core.study import Late, Preset, Study, forget, register
from core.trajectory import STEP_LIMIT, Trajectory
from core.view import View, from_query, to_query
from tests.pages.visiting import fine, player


@dataclass(frozen=True, kw_only=True)
class Halving(Experiment):
    """Gradient descent on w^2 / 2: a drawn w shrinks by 1 - rate a step."""

    study: ClassVar[str] = "halving"
    rate: float = number(0.5, 0.01, 1, label="Learning rate", section="Optimizer", offered=(0.1, 0.5, 1.0))
    seeds: tuple[int, ...] = seeds((0, 1, 2), 8, label="Seeds")
    step_limit: int = whole(20, 1, 1000, label="Step limit")
    runs = property(lambda self: len(self.seeds))


class HalvingTrajectory(Trajectory):
    axes: ClassVar = {"w": ("snapshot", "run"), "outcome": ("run",), "end_step": ("run",)}
    schedule = Log()


class HalvingTraining:
    def __init__(self, experiment: Halving, runs: list[int], *_: object) -> None:
        self.experiment, self.live = experiment, len(runs)
        self.w = np.array([np.random.default_rng(experiment.seeds[run]).normal() for run in runs])
        self.recording = AllStepsRecording(HalvingTrajectory, experiment, len(runs))
        self.recording.arrays["w"] = np.full((len(self.recording.steps), len(runs)), np.nan)

    def advance(self, step: int) -> int:
        time.sleep(float(os.environ.get("SLOWLY", 0)))
        self.w *= (1 - self.experiment.rate) ** (self.recording.after(step) - step)
        return self.recording.after(step)

    def record(self, step: int) -> bool:
        self.recording.write(step, w=self.w)
        if step == self.experiment.step_limit:
            self.live = 0
            self.recording.end(step, np.ones(len(self.w), bool), np.full(len(self.w), STEP_LIMIT))
        return True


def halving(found: HalvingTrajectory) -> pd.DataFrame:
    w = pd.DataFrame(found["w"], pd.Index(found.steps, name="step"), pd.Index(found.experiment.seeds, name="seed"))
    return w.stack().rename("strength").reset_index()


@specification(height=200, params=step_axis.PARAMS)
def chart() -> alt.LayerChart:
    return alt.layer(marks_of("curve").mark_line().encode(x=step_axis.step_axis(), y="strength:Q", detail="seed:N"))


def scene(view: View, drawn: list[Shown]) -> Scene:
    rows, steps = drawn[0].table("halving").to_dict("records"), drawn[0].trajectory.steps
    figure = Figure.of(chart(), {"curve": rows}, {"last_step": int(steps[-1])})
    return Scene(figures={"w": figure}, cards={"w": Card(title="The weight", caption="")}, steps=steps)


@dataclass(frozen=True, kw_only=True)
class HalvingView(View):
    part: ClassVar[str] = "halving"
    experiment: Halving = Halving(rate=0.25)


HERE, TABLES = "tests.core.test_new_study", {"halving": halving}
PRESETS = {"halving/half": Preset("Half", "The weight halves.", Halving(), shipped=False)}
PART = Part(view=HalvingView, title="Halving", key="hv", presets=PRESETS, scene=scene)
LATE = {"begin": Late(HERE, "HalvingTraining"), "tables": Late(HERE, "TABLES"), "part": Late(HERE, "PART")}
SPLIT = {"shards": one_by_one, "seconds": by_runs(lambda experiment: (1e-3, 2e-3), one_by_one)}
STUDY = Study(experiment=Halving, presets=PRESETS, trajectory=HalvingTrajectory, **SPLIT, **LATE)


def test_it_is_killed_goes_on_and_is_drawn(tmp_path: Path, capsys: Any, request: Any) -> None:
    register(STUDY)
    request.addfinalizer(lambda: forget(STUDY))
    view, store = HalvingView(), Store.default()
    words = ["train", "halving/half", "--set", "rate=0.25", "--out", str(tmp_path)]
    command = [sys.executable, "-c", f"from {HERE} import *; register(STUDY); main({words!r})"]
    slow = subprocess.Popen(command, cwd=Path(__file__).parents[2], env=os.environ | {"SLOWLY": "0.05"})
    while not [*store.shards(view.experiment).glob("*.npz")]:
        time.sleep(0.01)
    slow.kill()
    slow.wait()
    assert main(words) == 0
    assert "of 3 shards" in capsys.readouterr().err
    rows = pd.read_csv(tmp_path / "halving.csv").set_index(["seed", "step"])["strength"]
    assert rows[2, 20] == pytest.approx(np.random.default_rng(2).normal() * 0.75**20)

    assert "mark-line" in svg(scene(view, [Shown(store.load(view.experiment)[0])]).figures["w"], 0)
    assert from_query(HalvingView, to_query(view)) == (view, [])
    at = AppTest.from_string(f"from {HERE} import PART\nfrom pages.shared.part import draw\ndraw(PART)")
    assert len(player(fine(at.run(timeout=60)))["charts"]["w"]["tables"]["curve"]["rows"]) == len(rows)
