"""What colours the plane of the Explorer."""

from __future__ import annotations

from collections.abc import Mapping

from core.figure.measure import Measure

MEASURES: Mapping[str, Measure] = {
    "test_error": Measure("test error", "viridis", reverse=True),
    "steps": Measure("steps to fit", "cividis", reverse=True, log=True, format="~s"),
    "relative_weight_change": Measure("relative weight change |Δw| / |w₀|", "magma", log=True, format="~g"),
    "mu_y_share": Measure("share that L explains, μ_Y / I(F;Y)", "viridis", format=".2~f"),
    "kink_displacement": Measure("kink displacement / initial spread", "magma", log=True, format="~g"),
    "weight_ratio": Measure("|Δw| / that of the linearised network", "magma", log=True, format="~g"),
    "agreement": Measure("agreement with the linearised network", "viridis", format=".3~f"),
    "outcome": Measure("outcome", ""),
}
"""What the plane can be coloured by: columns of the table `plane` and, over time, of `information`;
`weight_ratio` and `agreement` of `linearised` and `linearised_history`, where there are these."""
