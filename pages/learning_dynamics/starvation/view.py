"""What a visitor sees of gradient starvation, as one value, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.presets import settings_text
from core.studies.shades.experiment import Shades
from core.studies.shades.presets import PRESETS as SHADES
from core.studies.starvation.experiment import LIMITS, Starvation
from core.studies.starvation.presets import PRESETS as STARVATION
from core.values import parse_number

FIRST = STARVATION["learning_dynamics/starvation"].experiment
FIRST_SHADES = SHADES["learning_dynamics/shades"].experiment
LOOKS = {"models": "Three models", "shades": "Digits with a shade"}
SETTINGS = {
    "models": tuple(f.name for f in fields(Starvation)),
    "shades": tuple(f.name for f in fields(Shades)),
}
TOGETHER = ("q_s", "q_w", "q_sw")
"""Settings that are only right at once."""


@dataclass(frozen=True, kw_only=True)
class View:
    """Three models or digits, the training of each, and the step at which it rests (None: it plays)."""

    look: str = "models"
    experiment: Starvation = FIRST
    long: bool = False
    """Whether the axis of time goes on to 10^12, where only theory comes."""
    shades: Shades = FIRST_SHADES
    shown_p: float = 0.98
    """The p whose accuracies are shown over the steps."""
    step: int | None = None

    @property
    def trained(self) -> Starvation | Shades:
        """The experiment that is looked at."""
        return self.experiment if self.look == "models" else self.shades


def to_query(view: View) -> dict[str, str]:
    """Return the link's parameters: every setting of what is looked at."""
    query = written("starvation", view.trained, SETTINGS[view.look]) | {"look": view.look}
    if view.look == "models":
        query["long"] = settings_text(view.long)
    else:
        query["shown_p"] = f"{view.shown_p:g}"
    return query if view.step is None else query | {"step": str(view.step)}


def from_query(query: Mapping[str, str]) -> tuple[View, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    look = query["look"] if query.get("look") in LOOKS else "models"
    own = ("long",) if look == "models" else ("shown_p",)
    link = opened(query, "starvation", (*SETTINGS[look], *own, "look", "step"))
    look = link.choice("look", tuple(LOOKS), "models")
    step = link.whole("step", LIMITS["step_limit"].high)
    if look == "models":
        experiment = link.experiment(FIRST, SETTINGS[look], TOGETHER)
        return View(look=look, experiment=experiment, long=link.flag("long"), step=step), link.said
    shades = link.experiment(FIRST_SHADES, SETTINGS[look])
    shown_p = link.read("shown_p", lambda text: parse_number("shown_p", text), View.shown_p)
    return View(look=look, shades=shades, shown_p=nearest(shown_p, shades), step=step), link.said


def nearest(p: float, shades: Shades) -> float:
    """Return the trained p that is nearest to one."""
    return min(shades.p, key=lambda one: abs(one - p))
