"""What the declarations of networks of more inputs cannot say: what is counted is chosen where anything is."""

from __future__ import annotations

from core.studies.directions.view import DirectionsView
from pages.shared import widgets
from pages.shared.part import Hooks
from pages.shared.session import Session


def _measure(session: Session[DirectionsView]) -> None:
    if session.view.counted:
        widgets.draw(session, "measure")


HOOKS = Hooks(controls=_measure)
