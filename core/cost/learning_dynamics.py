"""About how long the networks of Learning dynamics train, on one core."""

from __future__ import annotations

from core.experiments import Basin, Depths, Modes, Moons, Shades, Starvation, Strengths

MODE_STEP_SECONDS, MODE_WEIGHT_SECONDS = 3.5e-5, 1e-9
"""What a step of a mode's network and of its one layer costs, and a weight of it."""
MOON_STEP_SECONDS, MOON_LOOK_SECONDS = 2e-9, 4e-4
"""What a step costs for a unit of a network on two moons and a training point, and all looks for a unit."""
STRENGTH_STEP_SECONDS = 2e-5
"""What a step of all strengths costs."""
STARVATION_STEP_SECONDS, STARVATION_WEIGHT_SECONDS = 3.5e-5, 2e-9
"""What a step of three models costs a seed, and a weight of it."""
SHADE_STEP_SECONDS, SHADE_WEIGHT_SECONDS = 1.2e-5, 6e-11
"""What a step of a network on shaded digits costs, and a weight for an image of it."""
BASIN_START_SECONDS, BASIN_STEP_SECONDS, BASIN_UNIT_SECONDS = 1e-5, 3.5e-4, 1.5e-8
"""What a start on the grid costs until it is decided, a step of all that is left, and one of a neuron of a cloud."""
DEPTH_STEP_SECONDS, DEPTH_LAYER_SECONDS = 6e-5, 8e-5
"""What a step of all losses and the linear network costs a depth, and a layer of it."""


def a_moon(experiment: Moons) -> tuple[float, float]:
    """Return the seconds of one network on two moons, which takes all its steps."""
    units = experiment.width * (experiment.step_limit * experiment.n_train * MOON_STEP_SECONDS + MOON_LOOK_SECONDS)
    seconds = 0.05 + units
    return seconds, 1.5 * seconds


def a_strength(experiment: Strengths) -> tuple[float, float]:
    """Return the seconds of one strength under one penalty, its share of a step of all."""
    seconds = experiment.step_limit * STRENGTH_STEP_SECONDS / experiment.runs
    return seconds, 1.5 * seconds


def a_mode(experiment: Modes) -> tuple[float, float]:
    """Return the seconds of the networks of one loss."""
    weights = experiment.width * (experiment.dimension + 1)
    seconds = experiment.step_limit * (MODE_STEP_SECONDS + weights * MODE_WEIGHT_SECONDS)
    return seconds, 1.5 * seconds  # they always take all their steps


def a_starvation(experiment: Starvation) -> tuple[float, float]:
    """Return the seconds of one seed of three models, which take all their steps."""
    weights = 6 * experiment.width * len(experiment.frequencies)
    seconds = experiment.step_limit * (STARVATION_STEP_SECONDS + weights * STARVATION_WEIGHT_SECONDS)
    return seconds, 2 * seconds


def a_shade(experiment: Shades) -> tuple[float, float]:
    """Return the seconds of one seed on shaded digits: two networks a frequency, which take all their steps."""
    weights = 65 * experiment.width * experiment.n_train
    a_step = SHADE_STEP_SECONDS + weights * SHADE_WEIGHT_SECONDS
    seconds = 2 * len(experiment.p) * experiment.step_limit * a_step
    return seconds, 2 * seconds


def a_depth(experiment: Depths) -> tuple[float, float]:
    """Return the seconds of one loss and start at one depth, the mean over depths: they take all their steps."""
    layers = sum(experiment.depths) / len(experiment.depths)
    a_step = DEPTH_STEP_SECONDS + layers * DEPTH_LAYER_SECONDS
    seconds = experiment.step_limit * a_step * len(experiment.depths) / experiment.runs
    return seconds, 2 * seconds


def a_cloud(experiment: Basin) -> tuple[float, float]:
    """Return the seconds of one cloud of neurons with its share of the grid, which takes all its steps."""
    shared = experiment.grid**2 * BASIN_START_SECONDS + experiment.step_limit * BASIN_STEP_SECONDS
    seconds = shared / experiment.runs + experiment.step_limit * experiment.width * BASIN_UNIT_SECONDS
    return seconds, 2 * seconds
