"""What holds of every story: its steps are shown at once, its links come back, and the data give its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from core.experiment import Experiment
from core.links import FRAMED, GUIDED
from core.part import Shown
from core.store import Store
from core.story import (
    HIDDEN,
    KINDS,
    Place,
    Question,
    Reading,
    Story,
    bare,
    from_query,
    stories,
    stories_of,
    words,
)
from core.study import page_of, parts, study_of
from core.view import from_query as view_from_query
from core.view import settings, to_query
from core.view import words as own_words

STORIES = list(stories().values())
STEPS = [(story, at) for story in STORIES for at in range(1, len(story.steps) + 1)]
ASKED = [(story, at) for story, at in STEPS if story.steps[at - 1].question is not None]


def name(given: object) -> str:
    return given.key if isinstance(given, Story) else str(given)


def places_of(story: Story, at: int) -> list[Place]:
    step = story.steps[at - 1]
    return [step.place] if step.question is None else [step.place, step.question.then]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """What ships, and nothing else."""
    return Store.default(tmp_path_factory.mktemp("store"))


@pytest.mark.parametrize("story", STORIES, ids=name)
def test_a_story_has_four_to_six_steps_and_asks(story: Story) -> None:
    assert 4 <= len(story.steps) <= 6
    kinds = [step.kind for step in story.steps]
    assert kinds[0] == "look" and kinds[-1] == "limit" and "why" in kinds
    assert set(kinds) <= set(KINDS)
    assert any(step.question for step in story.steps)
    assert len(story.about) < 120 and story.about.endswith(("?", "."))


def test_names_differ_and_two_stories_cross_pages() -> None:
    declared = [story for study in map(study_of, first_experiments()) if study.stories for story in study.stories()]
    assert len({story.key for story in declared}) == len(declared) == len(STORIES)
    assert len({story.title for story in declared}) == len(declared)
    assert sum(len(story.pages) > 1 for story in STORIES) >= 2
    for story in STORIES:
        for page in story.pages:
            assert story in stories_of(page)


def first_experiments() -> list[Experiment]:
    return [part.view().experiment for part in parts().values() if part.presets]


@pytest.mark.parametrize("view", [part.view for part in parts().values()], ids=lambda kind: kind.__name__)
def test_the_words_of_a_story_are_no_view_s(view: type) -> None:
    taken = {*settings(view, view().experiment), *own_words(view), "v", "part", "step", "speed", "loop"}
    switch = view.switch
    assert not {*GUIDED} & (taken | ({switch.word} if switch else set()))
    assert not {*GUIDED} & {*FRAMED}


@pytest.mark.parametrize(("story", "at"), STEPS, ids=name)
def test_a_step_is_shown_at_once_and_its_link_comes_back(story: Story, at: int, store: Store) -> None:
    for place in places_of(story, at):
        view = place.view
        part = study_of(view.experiment).part()
        assert part.lacks(view, store.ships) == {}
        assert view_from_query(type(view), to_query(view)) == (view, [])
        assert page_of(part) == place.page
        beside = words(Reading(story, at), ("answers",))
        assert view_from_query(type(view), to_query(view) | beside) == (view, [])


@pytest.mark.parametrize(("story", "at"), STEPS, ids=name)
def test_a_place_in_a_story_comes_back(story: Story, at: int) -> None:
    question = story.steps[at - 1].question
    for took in (None, *range(1, len(question.choices) + 1 if question else 1)):
        now = Reading(story, at, took)
        assert from_query(words(now, ())) == (now, (), [])
        assert now.waits == (question is not None and took is None)
        assert now.place == (question.then if question and took else story.steps[at - 1].place)
        assert story.title in now.told and "**" not in now.told


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"story": "lost"}, "story: one of "),
        ({"story": "lazy", "at": "9"}, "at: a whole number, 1 to 5; got '9'."),
        ({"story": "lazy", "at": "soon"}, "at: a whole number, 1 to 5; got 'soon'."),
        ({"story": "lazy", "at": "2", "took": "0"}, "took: a whole number, 1 to 3; got '0'."),
        ({"story": "lazy", "took": "1"}, "took: step 1 asks nothing; it is ignored."),
        ({"at": "2"}, "at: goes with story; it is ignored."),
        ({"hide": "sidebar,everything"}, "hide: any of sidebar, answers, page; got 'everything'."),
    ],
)
def test_a_broken_word_gets_one_sentence(query: Mapping[str, str], said: str) -> None:
    (sentence,) = from_query(query)[2]
    assert sentence.startswith(said)


def test_what_is_hidden_comes_back() -> None:
    assert from_query({"hide": "answers,sidebar"}) == (None, ("sidebar", "answers"), [])
    assert from_query(words(None, tuple(HIDDEN))) == (None, tuple(HIDDEN), [])


def test_a_link_is_bare_that_says_nothing_of_a_view() -> None:
    assert bare({"story": "lazy", "at": "2", "hide": "page", "embed": "true"})
    assert not bare({"story": "lazy", "v": "1"})
    assert not bare({"hide": "page"})


# ---- the answers, from the data that the step shows once a choice is made


class Data:
    """The tables of what is on screen."""

    def __init__(self, store: Store, place: Place) -> None:
        self.store, self.place = store, place

    def __getitem__(self, table: str) -> pd.DataFrame:
        first = self.place.view.experiment
        found, _ = self.store.load(first)
        assert found is not None, self.place
        return Shown(found).table(table)

    def at(self, table: str, **where: float) -> pd.Series:
        """The one row nearest to some values."""
        rows = self[table]
        for column, value in where.items():
            nearest = rows[column].iloc[(np.log(rows[column]) - np.log(value)).abs().argmin()]
            rows = rows[rows[column] == nearest]
        assert len(rows) == 1
        return rows.iloc[0]


Answer = Callable[[Data, Data], int]
"""From the data on screen before a choice and after it, the choice that is right."""


def cell(data: Data) -> pd.Series:
    return data.at("plane", **{name: data.place.settings[name] for name in ("alpha", "temperature")})


def kinks_move(before: Data, after: Data) -> int:
    row, was = cell(after), cell(before)
    if row["outcome"] == "diverged":
        return 2
    assert was["outcome"] == row["outcome"] == "fitted"
    assert was["kink_displacement"] < 0.1
    return 1 if row["kink_displacement"] > 1 / 3 else 0


def noise_moves_kinks(before: Data, after: Data) -> int:
    return int(cell(after)["kink_displacement"] > 5 * cell(before)["kink_displacement"])


def grows(change: float, scale: float) -> int:
    """Fall, little, rise as 0, 1, 2."""
    return 1 if abs(change) < 0.3 * scale else 0 if change < 0 else 2


def error(data: Data, alpha: float, temperature: float) -> float:
    return float(data.at("plane", alpha=alpha, temperature=temperature)["test_error"])


def over_seeds(before: Data, after: Data) -> int:
    alone, mean = ([error(of, 1024, t) for t in (0.0017, 0.16)] for of in (before, after))
    assert np.round(alone, 3).tolist() == [0.041, 0.028]
    return grows(mean[1] - mean[0], alone[0] - alone[1])


def on_mnist(_: Data, after: Data) -> int:
    low, high = error(after, 4, 2**-12), error(after, 4, 0.036)
    return (2, 1, 0)[grows(high - low, 0.2 * low)]


def on_cifar(_: Data, after: Data) -> int:
    errors = [error(after, 4096, t) for t in sorted(after["plane"]["temperature"].unique()) if t <= 2**-5.9]
    assert np.all(np.diff(errors) > 0)
    return (2, 1, 0)[grows(errors[-1] - errors[0], 0.1 * errors[0])]


def adds_early(before: Data, after: Data) -> int:
    rows = before["modular_delays"]
    assert (rows[rows["alpha"] == 64]["test_error"] > 0.9).all()
    delay = after["modular_delays"].query("alpha == 0.25")["tenth_delay"]
    return 2 if delay.isna().all() else 0 if (delay < 1.5).all() else 1


def adds_never(before: Data, after: Data) -> int:
    delay = before["modular_delays"].query("alpha == 16")["tenth_delay"]
    assert delay.between(3, 6).all()
    row = after["modular_delays"].query("alpha == 64").iloc[0]
    assert row["fitted_step"] < 500
    return 2 if row["test_error"] > 0.9 else 1 if row["tenth_delay"] > 3 else 0


def too_few(_: Data, after: Data) -> int:
    rows = after["modular_delays"]
    assert (rows["train_error"] == 0).all()
    late = rows["test_error"] > 0.5
    return 2 if late.all() else 1 if late[rows["alpha"] > 1].all() else 0


def bends(before: Data, after: Data) -> int:
    many, few = before["summary"].iloc[0], after["summary"].iloc[0]
    assert many["outcome"] == few["outcome"] == "interpolated"
    assert many["bending_kinks_fine"] > 100 and many["kink_shift"] < 0.01
    assert few["on_data"] > 0.95
    return 0 if few["bending_kinks"] > 50 else 1 if few["bending_kinks"] > 0 else 2


def one_kink(_: Data, after: Data) -> int:
    row = after["summary"].iloc[0]
    assert row["bending_kinks"] == row["distinct_kinks"] <= row["kink_bound"]
    return {1: 0, 3: 1}.get(int(row["distinct_kinks"]), 2)


def clones(_: Data, after: Data) -> int:
    rows = after["clones_departures"].query("lead == 0.03").set_index("clone")["departed_step"]
    return 2 if rows["iso"] == rows["gauss"] else int(rows["gauss"] > rows["iso"])


def mode_order(before: Data, after: Data) -> int:
    rows = after["linear_modes"].query("source == 'measured'")
    layers = after.place.settings["layers"]
    done = rows[(rows["depth"] == layers) & (rows["strength"] > rows["singular_value"] / 2)]
    first = done.groupby("singular_value")["time"].min()
    one = rows[(rows["depth"] == 1) & (rows["strength"] > rows["singular_value"] / 2)]
    at_once = one.groupby("singular_value")["time"].min()
    assert at_once.max() < 1.2 * at_once.min()
    assert len(first) == 4
    return 1 if first.is_monotonic_decreasing else 2 if first.is_monotonic_increasing else 0


def retained(before: Data, after: Data) -> int:
    kept, share = (
        of["explainers"].query("explainer == 'linear'")["end_retained_share"].mean() for of in (before, after)
    )
    assert kept > 0.95
    return 0 if share > 0.9 else 1 if 0.35 < share < 0.65 else 2


def linear_diverges(_: Data, after: Data) -> int:
    rows = after["catapult_ends"].set_index("c")
    assert (rows[rows.index <= 4]["outcome"] != "diverged").all()
    return 1 if rows.loc[4.3, "outcome"] == "diverged" else 0


def relu_survives(_: Data, after: Data) -> int:
    row = after.at("catapult_ends", c=16)
    assert row["peak_ratio"] > 100
    return 0 if row["outcome"] == "diverged" else 2 if row["dead_share"] > 0.5 else 1


def from_above(_: Data, after: Data) -> int:
    row = after.at("edge_ends", learning_rate=0.4)
    assert 3.8 < row["largest_eta_sharpness"] < 4.3
    return 1 if 1.8 < row["eta_sharpness"] < 2.3 else 0 if row["eta_sharpness"] > 3 else 2


def small_batches(before: Data, after: Data) -> int:
    assert 1.9 < before.at("edge_ends", learning_rate=0.1)["eta_sharpness"] < 2.1
    rows = after["edge_ends"].sort_values("batch_size")["eta_sharpness"]
    assert np.all(np.diff(rows) > 0)
    return 1 if rows.iloc[0] < 1 else 0 if rows.iloc[0] < 2.2 else 2


def weak(data: Data) -> pd.Series:
    rows = data["starvation"]
    rows = rows[(rows["source"] == "measured") & np.isclose(rows["p"], 0.3)]
    return rows.groupby("model")["logit_weak"].mean()


def starves(before: Data, after: Data) -> int:
    share = weak(after) / weak(before)
    assert len(share) == 3
    assert share["private"] < 0.05
    return 2 if (share < 0.5).all() else 1 if (share > 1.1).all() else 0


def freezes(before: Data, after: Data) -> int:
    larger = weak(after) > weak(before)
    return 0 if larger.all() else 1 if larger.any() else 2


def nine_times(_: Data, after: Data) -> int:
    rows = after["clocks"].query("loss == 'cross_entropy'").set_index(["mode", "event"])["time_measured"]
    ratios = [rows["minus", event] / rows["plus", event] for event in ("N = 1", "N = 2", "N = 4")]
    return int(np.argmin([abs(np.mean(ratios) - claimed) for claimed in (3, 9, 81)])) if np.ptp(ratios) < 0.1 else -1


def residuals(data: Data) -> pd.Series:
    """By variant, the mean distance of the boundary from a straight line."""
    return data["runs"].groupby("variant")["residual"].mean()


def adam_bends(before: Data, after: Data) -> int:
    alone = before["runs"].query("margin == 0.1").groupby("penalty")["residual"].mean()
    assert alone["weight_decay"] < 1.1 * alone["none"] < 0.3 * alone["spectral_decoupling"]
    found = residuals(after)
    assert found["adam_fast"] < found["spectral_decoupling"]
    ratio = found["adam_fast"] / found["none"]
    return 1 if ratio > 2 else 2 if ratio < 0.5 else 0 if 0.7 < ratio < 1.5 else -1


def slow_adam(before: Data, after: Data) -> int:
    now, late = residuals(before), residuals(after)
    assert 0.35 < now["adam_slow"] / now["adam_fast"] < 0.65
    assert 0.25 < late["none"] / late["adam_slow"] < 0.4 and 1.7 < late["spectral_decoupling"] / late["adam_slow"] < 2.4
    if 0.8 < late["adam_slow"] / late["adam_fast"] < 1.25:
        return 2
    return 0 if 0.8 < late["adam_slow"] / now["adam_slow"] < 1.25 else 1


MEASURED: Mapping[tuple[str, int], Answer] = {
    ("lazy", 2): kinks_move,
    ("lazy", 4): noise_moves_kinks,
    ("regimes", 3): adds_early,
    ("noise", 2): over_seeds,
    ("noise", 3): on_mnist,
    ("noise", 4): on_cifar,
    ("kinks", 2): bends,
    ("kinks", 4): one_kink,
    ("simple", 2): clones,
    ("simple", 3): mode_order,
    ("simple", 5): retained,
    ("sigmoids", 2): nine_times,
    ("starving", 2): starves,
    ("starving", 4): freezes,
    ("bending", 2): adam_bends,
    ("bending", 4): slow_adam,
    ("catapult", 3): linear_diverges,
    ("catapult", 4): relu_survives,
    ("edge", 3): from_above,
    ("edge", 4): small_batches,
    ("grokking", 2): adds_never,
    ("grokking", 4): too_few,
}


def test_what_the_first_steps_say_is_what_they_show(store: Store) -> None:
    def data(key: str, at: int) -> Data:
        return Data(store, stories()[key].steps[at - 1].place)

    plane = data("lazy", 5)["plane"]
    assert not (plane[plane["temperature"] == plane["temperature"].max()]["outcome"] == "fitted").any()
    assert cell(data("regimes", 1))["relative_weight_change"] < 0.01
    lazy = data("kinks", 1)["summary"].iloc[0]
    assert lazy["steps"] < 1000
    assert data("kinks", 5)["summary"].iloc[0]["outcome"] == "stationary"
    thrown = data("catapult", 1).at("catapult_ends", c=2.5)
    assert thrown["peak_ratio"] > 4 and thrown["eta_lambda"] < 2
    edge = data("edge", 1)["edge_ends"]
    assert edge["eta_sharpness"].dropna().between(1.9, 2.1).all()
    slow = data("edge", 5).at("edge_ends", learning_rate=0.05)
    assert slow["largest_eta_sharpness"] < 2 and slow["rising_before"] == 0
    apart = data("starving", 1)["starvation"].query("source == 'measured'")
    assert (apart["time_weak"] > apart["time"])[apart["p"] < 0.5].all()
    means = data("simple", 1)["information"].query("explainer == 'linear'")
    late = means[means["step"] == means["step"].max()]
    assert (late["mutual_information_test"] > 2 * late["mu_y"]).all()
    assert (data("simple", 6)["explainers"].query("explainer == 'linear'")["accuracy_test"] - 0.5).abs().max() < 0.02


def test_every_question_is_measured() -> None:
    assert set(MEASURED) == {(story.key, at) for story, at in ASKED}


@pytest.mark.parametrize(("story", "at"), ASKED, ids=name)
def test_the_data_on_screen_give_the_answer(story: Story, at: int, store: Store) -> None:
    step = story.steps[at - 1]
    question = step.question
    assert isinstance(question, Question)
    assert 2 <= len(question.choices) == len(set(question.choices)) <= 4
    assert question.asked.endswith("?")
    assert 0 <= question.answer < len(question.choices)
    found = MEASURED[story.key, at](Data(store, step.place), Data(store, question.then))
    assert found == question.answer


@pytest.mark.parametrize(("story", "at"), ASKED, ids=name)
def test_a_choice_changes_what_is_on_screen(story: Story, at: int) -> None:
    question = story.steps[at - 1].question
    assert question is not None
    assert question.then.view != story.steps[at - 1].place.view
