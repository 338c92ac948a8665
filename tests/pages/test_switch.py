"""The choice of a part: by the link at first, by hand from then on, also after a look at another page."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visiting import fine, link, open_page

LAST = {
    "kinks": ("k_part", "greedy"),
    "complexity": ("c_part", "theorem"),
    "phase_plane": ("pp_part", "perceptron"),
    "learning_dynamics": ("l_part", "depth"),
    "learning_rate": ("lr_part", "edge"),
    "grokking": ("gr_part", "small_mnist"),
}
"""Of each page the key of its switch, and a part."""
SHARED = {"starvation": ("ls_look", "look", "shades"), "decoupling": ("d_show", "show", "strengths")}
"""Parts in which two share a place: the key of their switch, its word in links, and the second one."""


def chosen(at: AppTest, key: str) -> object:
    return at.segmented_control(key=key).value


def turn(at: AppTest, key: str, part: str) -> None:
    fine(at.segmented_control(key=key).set_value(part).run())


def leave_and_return(at: AppTest, page: str) -> None:
    """Look at another page and come back as the browser does: without a link."""
    for place in ("learning_dynamics" if page != "learning_dynamics" else "phase_plane", page):
        at.switch_page(f"pages/{place}/page.py")
        at.query_params.clear()
        fine(at.run())


@pytest.mark.parametrize("page", LAST)
def test_a_part_stays_chosen_while_another_page_is_on_screen(page: str) -> None:
    key, part = LAST[page]
    other = "networks" if page == "phase_plane" else ""
    at = open_page(f"pages/{page}.py", **({"part": other} if other else {}))
    assert chosen(at, key) != part
    turn(at, key, part)
    leave_and_return(at, page)
    assert chosen(at, key) == part
    assert link(at)["part"] == part


@pytest.mark.parametrize("page", LAST)
def test_the_link_chooses_at_first(page: str) -> None:
    key, part = LAST[page]
    assert chosen(open_page(f"pages/{page}.py", part=part), key) == part
    nowhere = open_page(f"pages/{page}.py", part="nowhere")
    assert link(nowhere)["part"] == chosen(nowhere, key) == chosen(open_page(f"pages/{page}.py"), key)


@pytest.mark.parametrize("part", SHARED)
def test_of_two_in_one_place_the_chosen_one_stays(part: str) -> None:
    key, word, second = SHARED[part]
    at = open_page("pages/learning_dynamics.py", part=part)
    assert chosen(at, key) != second
    turn(at, key, second)
    assert (link(at)["part"], link(at)[word]) == (part, second)
    turn(at, "l_part", "depth")
    turn(at, "l_part", part)
    assert chosen(at, key) == second
    leave_and_return(at, "learning_dynamics")
    assert (chosen(at, "l_part"), chosen(at, key)) == (part, second)
    assert link(at)[word] == second
    assert chosen(open_page("pages/learning_dynamics.py", **link(at)), key) == second


def test_a_choice_of_nothing_leaves_what_was_chosen() -> None:
    key, part = LAST["kinks"]
    at = open_page("pages/kinks.py", part=part)
    fine(at.segmented_control(key=key).set_value(None).run())
    assert (chosen(at, key), link(at)["part"]) == (part, part)
