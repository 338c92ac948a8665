"""The part on ten variants of training of the Learning dynamics page as Streamlit runs it, without a browser."""

from core.part import Shown
from core.studies.boundaries.experiment import Boundaries
from core.studies.boundaries.scene import verdict
from core.studies.boundaries.trajectory import BoundaryTrajectory
from core.studies.boundaries.view import BoundariesView
from core.view import from_query, to_query
from tests.pages.conftest import trained
from tests.pages.visiting import charts, link, open_page, player

SMALL = Boundaries(n_train=20, width=8, deep_width=6, seeds=(0, 1), step_limit=12)


def test_ten_variants_with_their_charts_and_link() -> None:
    at = open_page("pages/learning_dynamics.py", **to_query(BoundariesView(experiment=SMALL)))
    assert list(charts(at)) == ["gallery", "bending"]
    assert from_query(BoundariesView, link(at)) == (BoundariesView(experiment=SMALL), [])
    said = "".join(box.value for box in at.markdown)
    shown: Shown[BoundaryTrajectory] = Shown(trained(SMALL))  # type: ignore[arg-type]
    assert verdict(BoundariesView(experiment=SMALL), shown) in said
    assert "STMOZOO" in said, "who finds it otherwise"
    assert player(at)["clock"]["steps"][-1] == 12
