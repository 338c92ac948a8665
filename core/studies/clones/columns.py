"""What the columns of tables mean that this study alone has."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, str]] = {
    "trained_on": ("", "images that the network was trained on: real, or the clone gauss, iso or indep"),
    "tested_on": ("", "test images, likewise"),
    "mean_error": (
        "",
        "root mean square error of the clone's class means, over the spread of class means; the sampling error is in "
        "it, mean over seeds",
    ),
    "variance_ratio": ("", "total variance within classes of the clone, over that of the images, mean over seeds"),
    "outside_share": ("share", "pixels of the clone outside the range of real ones, before they are clipped"),
    "departed_step": (
        "steps",
        "first recorded step from which the network on real images is more accurate on real test images by `lead` than "
        "that on the clone until the end, means over seeds; empty: none",
    ),
    "departed_accuracy": ("share", "accuracy of the network on real images then"),
    "end_accuracy": ("share", "accuracy on real test images of the network on the clone at the end, mean over seeds"),
    "end_accuracy_real": ("share", "the same of the network on real images"),
    "peak_accuracy": ("share", "the largest accuracy on the clone of the network on real images, mean over seeds"),
    "end_accuracy_on_clone": ("share", "the same at the end"),
}
"""By name: unit (none where empty) and meaning."""
