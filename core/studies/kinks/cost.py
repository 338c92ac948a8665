"""About how long networks on a line train, on one core."""

from __future__ import annotations

from core.studies.kinks.experiment import Kinks

LINE_STEP_SECONDS, LINE_UNIT_SECONDS, LINE_KERNEL_SECONDS = 7e-6, 3e-9, 1e-9
"""What a step of a network on a line costs, with a tenth of computing its learning rate: measured on 5 to 200 points,
width 32 to 4,096."""
USUAL_LINE_SHARE = 0.4


def a_line(experiment: Kinks) -> tuple[float, float]:
    """Return the seconds of one network on a line: usual, at most."""
    count = len(experiment.x)
    a_step = LINE_STEP_SECONDS + count * experiment.width * LINE_UNIT_SECONDS + count**3 * LINE_KERNEL_SECONDS
    return USUAL_LINE_SHARE * experiment.step_limit * a_step, experiment.step_limit * a_step
