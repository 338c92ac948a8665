"""The notebook runs from top to bottom, and what it ends its cells with can be shown."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from core.runs import Playing

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "runs.ipynb"


def shown(cell: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line, as a notebook shows it."""
    tree = ast.parse(cell)
    *before, last = tree.body
    assert isinstance(last, ast.Expr | ast.Assign | ast.Import)
    if not isinstance(last, ast.Expr):
        exec(compile(tree, "cell", "exec"), names)
        return None
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def test_every_cell_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINSCOPE_CACHE", str(tmp_path))
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    names: dict[str, Any] = {}
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    values = [shown(cell, names) for cell in code]
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code"), "what it shows is made anew"
    change = next(value for value in values if getattr(value, "name", "") == "relative_weight_change")
    assert change.iloc[0] > 5 * change.iloc[-1], "small alpha moves the weights, large alpha hardly does"
    assert any(isinstance(value, Playing) and "<iframe" in value._repr_html_() for value in values)
    assert values[-1] == ["kinks.gif", "kinks.html", "kinks.pdf", "summary.parquet"]
