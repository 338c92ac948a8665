"""The table of runs that comes with the app.

It is the plane.csv of

    python -m core train explorer/digits --set seeds=0,1,2 --set alphas=2^-4..2^10/8 --set temperatures=2^-9..2^-1/9 \\
        --out DIR
"""

from __future__ import annotations

from collections.abc import Mapping

from core.studies.own_plane.experiment import OwnPlane
from core.study import Preset

PRESETS: Mapping[str, Preset[OwnPlane]] = {
    "phase_plane/own_runs": Preset(
        "Digits, as a table",
        "216 of the Explorer's networks, of three seeds: `plane.csv` as `python -m core train explorer/digits` writes "
        "it, opened like a table of anybody's.",
        OwnPlane(table="fc7057fae09f45023b2fbb1a02da4b0808dc8f0f590c2ffb253f85f80f60270e"),
    ),
}
