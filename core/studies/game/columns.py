"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "game": ("", "the losses: minimax, non_saturating (cross-entropy both) or hinge"),
    "head_start": ("steps", "of the discriminator before the generator moves"),
    "generator_place": ("", "theta, where the generator's point is; the data is at 1"),
    "generator_gradient": ("", "minus the derivative of the generator's loss in theta; ends: after the head start"),
    "logit_data": ("", "D at the data; ends: after the head start"),
    "logit_made": ("", "D at theta"),
    "theory_logit": ("", "D at the data against a generator that is held, in the limit of small steps"),
    "theory_gradient": ("", "generator_gradient likewise"),
    "half_step": ("steps", "first step of the generator with theta >= 0, half way; empty: never"),
}
"""By name: unit (none where empty) and meaning."""
