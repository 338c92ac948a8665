"""What every part says of a training that has just begun: what there is so far, and no number where there is none."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core import pinned
from core.datasets import DataError, Source
from core.experiment import Experiment
from core.part import Part, Shown
from core.study import parts, study_of
from core.sweeps import join, shards
from core.training import Recording, follow
from core.trajectory import UNFINISHED, Array

PARTS: Mapping[str, Part[Any]] = {name: part for name, part in parts().items() if part.trainings(part.view())}
FOLDER = os.environ.get("TRAINSCOPE_DATA")  # a page's own tests are without
SOURCE = Source(data_dir=Path(FOLDER) if FOLDER else None)
NO_NUMBER = re.compile(r"\b(nan|inf|None)\b")


class Enough(Exception):
    """A shard was recorded once after it began."""


def begun(experiment: Experiment) -> Shown[Any]:
    """Return what a page finds of a training whose first shard has written once."""
    runs, written = shards(experiment, "cpu")[0], dict[str, Array]()

    def watch(recording: Recording, step: int, live: int) -> None:
        written.update({name: values.copy() for name, values in recording.arrays.items()})
        written["end_step"][written["outcome"] == UNFINISHED] = step
        raise Enough

    with pytest.raises(Enough):
        follow(study_of(experiment).begin()(experiment, runs, SOURCE, "cpu"), watch)
    return Shown(join(experiment, [(runs, written)]), "begun")


@pytest.mark.parametrize("name", PARTS)
def test_what_is_said_of_a_training_that_has_just_begun(name: str) -> None:
    part = PARTS[name]
    view = part.view()
    try:
        there = {experiment: begun(experiment) for experiment in part.trainings(view).values()}
    except DataError as error:
        pytest.skip(str(error))
    drawn = [there.get(experiment) for experiment in pinned.needs(part, view)]
    if not pinned.ready(part, view, drawn):
        return  # nothing is drawn of it yet
    scene = pinned.scene(part, view, drawn)
    words = [scene.verdict, *scene.notes]
    words += [
        text for card in scene.cards.values() for text in (card.caption, card.alt, (card.badge or {}).get("text"))
    ]
    assert not [text for text in words if text and NO_NUMBER.search(text)]
    unfinished = not drawn[0].trajectory.complete  # type: ignore[union-attr]
    assert scene.verdict.startswith(pinned.SO_FAR) == (unfinished and bool(scene.verdict))
