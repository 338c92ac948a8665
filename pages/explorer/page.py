"""The Explorer: one network of the (alpha, T) plane, played; the plane around it; and how much of it is linear."""

from __future__ import annotations

from core.studies.explorer.part import PART
from pages.explorer.controls import HOOKS
from pages.shared.heading import heading
from pages.shared.part import draw

heading(
    "How a network learns, run by run",
    "Trainscope trains small networks and plays how they learn. Pick a task and a place in the (α, T) plane and watch "
    "that training. **Small α makes a network learn features, and much noise moves its kinks, too; in the lazy corner "
    "they hardly move.**",
    ("step", "alpha", "temperature", "kink", "lazy", "feature", "fly", "information", "conditional", "mu"),
)
draw(PART, HOOKS)
