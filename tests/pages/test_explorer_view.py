"""The Explorer's links: every view survives its own, and no link, however broken, gives more than sentences."""

import math
import random
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.choices import ACTIVATIONS, DATASETS
from core.field import declared
from core.links import LINK_SCHEMA
from core.studies.explorer.presets import PRESETS
from core.studies.explorer.view import ALPHAS, ExplorerView, differences
from core.values import as_text
from core.view import from_query, to_query

DIGEST = "0123456789abcdef" * 4


def read(query: dict[str, str]) -> tuple[ExplorerView, list[str]]:
    return from_query(ExplorerView, query)


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers on the grid of exponents with two decimals, and any others."""
    exact = st.integers(math.ceil(low * 100), math.floor(high * 100)).map(lambda e: 2.0 ** (e / 100))
    return exact | st.floats(2.0**low, 2.0**high, allow_nan=False)


@st.composite
def runs(draw: st.DrawFn, **others: Any) -> ExplorerView:
    n_train, dataset = draw(st.integers(8, 8192)), draw(st.sampled_from(list(DATASETS)))
    point = st.integers(0, n_train - 1)
    settings = {
        "dataset": dataset,
        "csv_digest": DIGEST if dataset == "csv" else "",
        "n_train": n_train,
        "width": draw(st.integers(1, 1024)),
        "depth": draw(st.integers(1, 5)),
        "activation": draw(st.sampled_from(list(ACTIVATIONS))),
        "batch_size": draw(st.integers(1, n_train)),
        "seed": draw(st.integers(0, 2**31 - 1)),
        "alpha": draw(powers(-14, 15)),
        "temperature": draw(powers(-24, 6)),
        "step_limit": draw(st.integers(1, 200_000)),
        "line": draw(st.just(()) | st.tuples(point, point).filter(lambda two: two[0] != two[1])),
        "coldest": draw(st.integers(-2400, -300).map(lambda e: e / 100)),
    }
    return ExplorerView().changed(settings | others)


@st.composite
def views(draw: st.DrawFn) -> ExplorerView:
    options = {
        name: draw(st.sampled_from(list(declared(ExplorerView)[name].options))) for name in ("colour", "when", "axis")
    }
    run = draw(runs())
    step = draw(st.none() | st.integers(0, run.experiment.step_limit))
    pinned = draw(st.none() | runs())
    return run.changed({**options, "step": step, "pinned": pinned.pin() if pinned else ""})


@given(views())
@examples(max_examples=200)
def test_every_view_survives_its_link(view: ExplorerView) -> None:
    query = to_query(view)
    assert all(isinstance(text, str) for text in query.values())
    assert query["v"] == str(LINK_SCHEMA)
    assert read(query) == (view, [])


@given(runs())
@examples(max_examples=100)
def test_a_pin_is_the_run_that_was_pinned(run: ExplorerView) -> None:
    found = ExplorerView(pinned=run.pin()).pinned_runs()["A"]
    assert found is not None
    assert (found.point, found.experiment) == (run.point, run.experiment)
    assert differences(found, run) == []


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_leads_to_its_plane(name: str) -> None:
    view = ExplorerView.of(PRESETS[name].experiment)
    assert view.experiment == PRESETS[name].experiment
    assert view.alpha in view.experiment.alphas
    assert view.temperature in view.experiment.temperatures


def test_a_link_names_every_setting_so_that_defaults_may_change() -> None:
    own = set(declared(ExplorerView))
    assert own | {"dataset", "width", "n_train", "depth", "step_limit", "v", "part"} <= set(to_query(ExplorerView()))


@pytest.mark.parametrize("version", ["0", "2", "1.0", " 1", "one", "9" * 100_000, "1;1"])
def test_a_link_of_another_schema_is_not_guessed_at(version: str) -> None:
    view, said = read({"v": version, "width": "16"})
    assert view == ExplorerView()
    assert len(said) == 1
    assert said[0].startswith("v: ")
    assert len(said[0]) < 200


@pytest.mark.parametrize("seed", range(40))
def test_noise_in_place_of_values_gives_sentences(seed: int) -> None:
    rng = random.Random(seed)
    words = [*to_query(ExplorerView()), "junk"]
    noise = {word: "".join(rng.choices(string.printable, k=rng.randrange(1, 300))) for word in rng.sample(words, 6)}
    view, said = read(noise)
    assert isinstance(view, ExplorerView)
    assert all(len(sentence) < 600 for sentence in said)


def test_a_run_differs_from_another_in_what_a_person_reads() -> None:
    one = ExplorerView()
    other = one.changed({"alpha": ALPHAS[8], "width": 32, "line": (3, 17)})
    assert differences(one, one) == []
    assert differences(one, other) == [
        "width 32 (here 64)",
        "line through training points through 3 and 17 (here through the class means)",
        f"output scale α {ALPHAS[8]:.4g} (here {one.alpha:.4g})",
    ]
    assert as_text(other.alpha)


def test_another_table_is_called_that() -> None:
    one, other = (ExplorerView().changed({"dataset": "csv", "csv_digest": digest * 64}) for digest in "ab")
    assert differences(one, other) == ["another table"]
    assert not any("SHA" in said for said in differences(ExplorerView(), one))
