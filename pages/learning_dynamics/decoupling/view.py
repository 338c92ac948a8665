"""What a visitor sees of Spectral Decoupling, as a value for each of its two looks, and its form as a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.links import opened, written
from core.studies.moons.experiment import LIMITS as MOON_LIMITS
from core.studies.moons.experiment import Moons
from core.studies.moons.presets import PRESETS as MOONS
from core.studies.strengths.experiment import LIMITS as STRENGTH_LIMITS
from core.studies.strengths.experiment import Strengths
from core.studies.strengths.presets import PRESETS as STRENGTHS
from core.values import ExperimentError, parse_number

FIRST_MOONS = MOONS["learning_dynamics/two_moons"].experiment
FIRST_STRENGTHS = STRENGTHS["learning_dynamics/spectral_decoupling"].experiment
MOON_SETTINGS = tuple(f.name for f in fields(Moons))
STRENGTH_SETTINGS = tuple(f.name for f in fields(Strengths))
PART = "decoupling"
MOONS_SHOWN, STRENGTHS_SHOWN = "moons", "strengths"


@dataclass(frozen=True, kw_only=True)
class MoonView:
    """A training, the margin on screen (one of the experiment's), and the epoch at which it rests (None: it plays)."""

    experiment: Moons = FIRST_MOONS
    margin: float = 0.1
    step: int | None = None


@dataclass(frozen=True, kw_only=True)
class StrengthView:
    """Descents, the s_1 that is marked (one of the experiment's), and the step at which they rest (None: they play)."""

    experiment: Strengths = FIRST_STRENGTHS
    s_1: float = 4.0
    step: int | None = None


def shown_by(query: Mapping[str, str]) -> str:
    """Return which of the two looks a link shows."""
    return STRENGTHS_SHOWN if query.get("show") == STRENGTHS_SHOWN else MOONS_SHOWN


def moon_query(view: MoonView) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written(PART, view.experiment, MOON_SETTINGS) | {"show": MOONS_SHOWN, "margin": str(view.margin)}
    return query if view.step is None else query | {"step": str(view.step)}


def strength_query(view: StrengthView) -> dict[str, str]:
    """Return the link's parameters: every setting."""
    query = written(PART, view.experiment, STRENGTH_SETTINGS) | {"show": STRENGTHS_SHOWN, "s_1": str(view.s_1)}
    return query if view.step is None else query | {"step": str(view.step)}


def moons_from(query: Mapping[str, str]) -> tuple[MoonView, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if shown_by(query) != MOONS_SHOWN:
        return MoonView(), []
    link = opened(query, PART, (*MOON_SETTINGS, "show", "margin", "step"))
    link.choice("show", (MOONS_SHOWN, STRENGTHS_SHOWN), MOONS_SHOWN)
    experiment = link.experiment(FIRST_MOONS, MOON_SETTINGS)
    otherwise = 0.1 if 0.1 in experiment.margins else experiment.margins[-1]
    margin = link.read("margin", lambda text: _one_of("margin", text, experiment.margins), otherwise)
    return MoonView(experiment=experiment, margin=margin, step=link.whole("step", MOON_LIMITS["step_limit"].high)), (
        link.said
    )


def strengths_from(query: Mapping[str, str]) -> tuple[StrengthView, list[str]]:
    """Return the view that a link asks for, and a sentence for each of its fields that could not be used."""
    if shown_by(query) != STRENGTHS_SHOWN:
        return StrengthView(), []
    link = opened(query, PART, (*STRENGTH_SETTINGS, "show", "s_1", "step"))
    experiment = link.experiment(FIRST_STRENGTHS, STRENGTH_SETTINGS)
    otherwise = 4.0 if 4.0 in experiment.strengths else experiment.strengths[-1]
    s_1 = link.read("s_1", lambda text: _one_of("s_1", text, experiment.strengths), otherwise)
    step = link.whole("step", STRENGTH_LIMITS["step_limit"].high)
    return StrengthView(experiment=experiment, s_1=s_1, step=step), link.said


def _one_of(name: str, text: str, allowed: tuple[float, ...]) -> float:
    value = parse_number(name, text)
    if value not in allowed:
        raise ExperimentError(name, f"one of {', '.join(f'{one:g}' for one in allowed)}", text)
    return value
