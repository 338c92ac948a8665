"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "population_accuracy": ("share", "Phi(w_1 / (sigma |w_z|)): new points on the side of their true label, exact"),
    "mu_y_clean": ("bits", "mu_Y(F;L) where Y is the true label; `mu_y` is of new labels as noisy as those trained on"),
    "d_over_n": ("", "dimensions of noise over training points"),
    "interpolator_accuracy": ("share", "population_accuracy of the interpolator nearest to the start"),
    "approximate_accuracy": ("share", "the same for large n and d, in closed form"),
}
"""By name: unit (none where empty) and meaning."""
