"""Stories on their pages: forward, back, an answer, links whole and broken, and from one page to the next."""

import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.story import stories
from core.view import to_query
from tests.pages.visiting import fine, link, open_page, player

LAZY, REGIMES = stories()["lazy"], stories()["regimes"]
PANEL_WORDS = ("story", "at", "took", "hide")


def press(at: AppTest, key: str) -> AppTest:
    return fine(at.button(key=f"story-{key}").click().run())


def place(at: AppTest) -> dict[str, str]:
    """What the link says of the story."""
    return {word: text for word, text in link(at).items() if word in PANEL_WORDS}


def shown(at: AppTest) -> dict[str, str]:
    """What the link says of the view."""
    return {word: text for word, text in link(at).items() if word not in (*PANEL_WORDS, "step", "speed", "loop")}


def said(at: AppTest) -> str:
    return "\n".join(one.value for one in at.markdown)


def test_a_story_is_read_forward_and_back(asked: list[Experiment]) -> None:
    at = open_page("pages/explorer.py")
    press(at, "begin-lazy")
    assert place(at) == {"story": "lazy", "at": "1"}
    assert "**Lazy or rich** · 1 of 5" in said(at)
    assert at.button(key="story-previous").disabled
    assert player(at)["clock"]["lesson"].startswith("Lazy or rich, 1 of 5. Look.")
    press(at, "next")
    assert place(at) == {"story": "lazy", "at": "2"}
    assert at.button(key="story-next").disabled, "the question waits for an answer"
    press(at, "previous")
    assert place(at) == {"story": "lazy", "at": "1"}
    assert shown(at) == to_query(LAZY.steps[0].place.view)
    press(at, "leave")
    assert place(at) == {}
    assert "of 5" not in said(at)
    assert not asked, "everything ships"


def test_the_charts_change_when_a_choice_is_made_and_not_before() -> None:
    step, question = LAZY.steps[1], LAZY.steps[1].question
    assert question is not None
    at = open_page("app.py", story="lazy", at="2")
    assert shown(at) == to_query(step.place.view)
    assert question.why not in said(at)
    press(at, "choice-1")
    assert place(at) == {"story": "lazy", "at": "2", "took": "1"}
    assert shown(at) == to_query(question.then.view)
    assert f"- {question.choices[0]} (your choice)" in said(at)
    assert f"- **{question.choices[1]}** (right)" in said(at)
    assert question.why in said(at)
    press(at, "next")
    assert place(at) == {"story": "lazy", "at": "3"}


def test_answers_can_be_kept_back() -> None:
    question = LAZY.steps[1].question
    assert question is not None
    at = open_page("app.py", story="lazy", at="2", hide="answers,sidebar")
    press(at, "choice-2")
    assert place(at) == {"story": "lazy", "at": "2", "took": "2", "hide": "sidebar,answers"}
    assert "(your choice)" in said(at)
    assert "right" not in said(at).split("your choice")[0].rsplit("\n", 1)[-1]
    assert question.why not in said(at)


def test_a_reader_who_looks_around_can_come_back() -> None:
    at = open_page("app.py", story="lazy", at="3")
    assert not [button for button in at.button if button.key == "story-back"]
    fine(at.button(key="preset-explorer/moons").click().run())
    assert place(at) == {"story": "lazy", "at": "3"}
    press(at, "back")
    assert shown(at) == to_query(LAZY.steps[2].place.view)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"story": "lost"}, "story: one of"),
        ({"story": "lazy", "at": "12"}, "at: a whole number, 1 to 5"),
        ({"story": "lazy", "at": "2", "took": "7"}, "took: a whole number, 1 to 3"),
        ({"hide": "all"}, "hide: any of sidebar, answers, page"),
    ],
)
def test_a_broken_link_gets_one_sentence(words: dict[str, str], sentence: str) -> None:
    at = open_page("app.py", v="1", part="explorer", **words)
    (warning,) = at.warning
    assert warning.value.replace("\\", "").count(sentence) == 1


def test_a_link_has_the_view_that_it_says_and_the_place() -> None:
    other = LAZY.steps[1].question
    assert other is not None
    at = open_page("app.py", **to_query(other.then.view), story="lazy", at="3")
    assert shown(at) == to_query(other.then.view)
    assert place(at) == {"story": "lazy", "at": "3"}
    assert at.button(key="story-back")


def test_a_bare_link_leads_to_the_page_of_its_step() -> None:
    at = open_page("app.py", story="regimes", at="2")
    assert shown(at) == to_query(REGIMES.steps[1].place.view)
    assert [title.value for title in at.title] == ["Gradient descent quantizes ReLU features"]
    press(at, "next")
    assert shown(at) == to_query(REGIMES.steps[2].place.view)
    assert [title.value for title in at.title] == ["Generalization long after fitting"]
    press(at, "previous")
    assert shown(at) == to_query(REGIMES.steps[1].place.view)


def test_a_step_of_another_part_of_the_page_is_shown() -> None:
    at = open_page("pages/complexity.py", story="simple", at="2")
    assert link(at)["part"] == "data"
    press(at, "choice-2")
    assert link(at)["part"] == "clones"
    assert place(at) == {"story": "simple", "at": "2", "took": "2"}
    press(at, "previous")
    assert link(at)["part"] == "data"


def test_every_page_lists_its_stories() -> None:
    for page in {page for story in stories().values() for page in story.pages}:
        at = open_page(f"pages/{page}.py")
        keys = [button.key or "" for button in at.button]
        there = {key.removeprefix("story-begin-") for key in keys if key.startswith("story-begin-")}
        assert there == {story.key for story in stories().values() if page in story.pages}
