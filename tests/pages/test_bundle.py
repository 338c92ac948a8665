"""The script of Vega is bundled once a cache folder, and again if the copy was damaged."""

from pathlib import Path

import pytest

from core.figure import player
from core.store import sealed
from pages.shared.player import _vega


def test_it_is_bundled_once(own_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    monkeypatch.setattr(player, "vega", lambda: made.append(1) or "window.vegaEmbed = 1")  # type: ignore[func-returns-value]
    assert [_vega(), _vega()] == ["window.vegaEmbed = 1"] * 2
    assert made == [1]
    (copy,) = (own_place / "cache").glob("vega-*.js")
    assert copy.read_bytes() == sealed(b"window.vegaEmbed = 1")
    copy.write_bytes(copy.read_bytes()[:-1])
    assert _vega() == "window.vegaEmbed = 1"
    assert made == [1, 1]
