"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "kink_displacement": (
        "initial spreads",
        "median |s - s(0)| of the kinks over the interquartile range of s(0)",
    ),
    "active_right": ("", "whether the unit is on to the right of its kink"),
    "mu_y_share": ("share", "mu_Y / I(F;Y); empty where I(F;Y) is under 0.02 bit"),
    "mu_y_share_independent": (
        "share",
        "mu_y_independent / I(F;Y): the share explained if F's errors were independent of L's, at the same accuracies",
    ),
    "error_correlation": (
        "",
        "phi of F's errors with L's on test points: (P(both wrong) - e_F e_L) / sqrt(e_F (1 - e_F) e_L (1 - e_L))",
    ),
    "within": ("", "what a rank correlation is within: a seed, or a seed at one alpha or one temperature"),
    "rho": ("", "Spearman's rank correlation of `measure` with the test error, ranks taken within those groups"),
    "null_low": ("", "where the central 95 % of rho begin if test errors are reshuffled within those groups"),
    "null_high": ("", "where the central 95 % of rho end, test errors reshuffled in the same way"),
}
"""By name: unit (none where empty) and meaning."""
