"""Two players, as Streamlit runs it, without a browser."""

from core.experiment import Experiment
from core.studies.game.experiment import Game
from core.studies.game.view import GameView
from core.view import to_query
from tests.pages.visiting import fine, link, open_page, player


def test_what_ships_is_played_and_another_loss_trains_nothing(asked: list[Experiment]) -> None:
    at = open_page("pages/learning_dynamics.py", **to_query(GameView()))
    assert list(player(at)["charts"]) == ["gradients", "places", "times"]
    assert link(at) == to_query(GameView())
    fine(at.selectbox(key="dg_game").set_value("hinge").run())
    assert link(at) == to_query(GameView(game="hinge"))
    assert not asked
    assert any("hinge: 73 after a head start of 1" in box.value for box in at.markdown)


def test_a_short_game_is_trained_and_drawn(asked: list[Experiment]) -> None:
    experiment = Game(head_starts=(1, 50), step_limit=100)
    at = open_page("pages/learning_dynamics.py", **to_query(GameView(experiment=experiment)))
    assert asked == [experiment]
    assert not [*at.error, *at.warning]
    assert any("never" in box.value for box in at.markdown)
