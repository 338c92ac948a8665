"""Trajectories: what is kept of a training, a class for each study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.experiments import Experiment
from core.trajectory.base import DIVERGED, FITTED, STATIONARY, STEP_LIMIT, UNFINISHED, Array, Part, Trajectory
from core.trajectory.basin import BasinTrajectory
from core.trajectory.complexity import ComplexityTrajectory
from core.trajectory.depths import DepthsTrajectory
from core.trajectory.directions import DirectionTrajectory
from core.trajectory.kinks import KinkTrajectory
from core.trajectory.linear_model import LinearTrajectory
from core.trajectory.modes import ModesTrajectory
from core.trajectory.moons import MoonTrajectory
from core.trajectory.perceptron import PerceptronTrajectory
from core.trajectory.phase_plane import PhasePlaneTrajectory
from core.trajectory.plane import Cell, PlaneTrajectory, cells
from core.trajectory.shades import ShadeTrajectory
from core.trajectory.starvation import StarvationTrajectory
from core.trajectory.strengths import StrengthTrajectory

__all__ = [
    "DIVERGED",
    "FITTED",
    "STATIONARY",
    "STEP_LIMIT",
    "TRAJECTORIES",
    "UNFINISHED",
    "Array",
    "BasinTrajectory",
    "Cell",
    "ComplexityTrajectory",
    "DepthsTrajectory",
    "DirectionTrajectory",
    "KinkTrajectory",
    "LinearTrajectory",
    "ModesTrajectory",
    "MoonTrajectory",
    "Part",
    "PerceptronTrajectory",
    "PhasePlaneTrajectory",
    "PlaneTrajectory",
    "ShadeTrajectory",
    "StarvationTrajectory",
    "StrengthTrajectory",
    "Trajectory",
    "cells",
    "join",
]

TRAJECTORIES: Mapping[str, type[Trajectory]] = {
    "explorer": PlaneTrajectory,
    "kinks": KinkTrajectory,
    "kinks_directions": DirectionTrajectory,
    "complexity": ComplexityTrajectory,
    "complexity_theorem": LinearTrajectory,
    "learning_basin": BasinTrajectory,
    "learning_depth": DepthsTrajectory,
    "learning_modes": ModesTrajectory,
    "learning_moons": MoonTrajectory,
    "learning_strengths": StrengthTrajectory,
    "learning_starvation": StarvationTrajectory,
    "learning_shades": ShadeTrajectory,
    "phase_plane": PhasePlaneTrajectory,
    "phase_plane_perceptron": PerceptronTrajectory,
}
"""What each study keeps."""


def join(experiment: Experiment, parts: Sequence[Part]) -> Trajectory:
    """Put the arrays of several banks into the trajectory of their study; runs that no bank has are unfinished."""
    return TRAJECTORIES[experiment.study].join(experiment, parts)
