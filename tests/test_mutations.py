"""A few wrong lines, one a paper, that claims and oracles notice within seconds: the suite itself, in short.

`python -m tests.mutations` runs all of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutations.catalogue import MUTATIONS

ROOT = Path(__file__).parents[1]
FEW = (
    "kinks of the wrong sign",
    "an approximation for as many dimensions as samples",
    "exponents of gamma = 1 / (2 + chi)",
    "a head scaled by 1/sqrt(h)",
    "a starvation bound without p",
)


@pytest.mark.claim
def test_wrong_physics_is_noticed() -> None:
    assert set(FEW) <= {one.name for one in MUTATIONS if one.quick}
    command = [sys.executable, "-m", "tests.mutations", *FEW]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=550)
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{len(FEW)} of {len(FEW)} wrong lines were noticed" in found.stdout


@pytest.mark.claim
def test_what_no_test_notices_survives_and_the_exit_code_says_so() -> None:
    program = (
        "import tests.mutations.__main__ as suite; from tests.mutations.catalogue import Mutation; "
        "tests, old = ('tests/core/test_lines.py',), 'GRID_POINTS = 101'; "
        "suite.MUTATIONS = (Mutation('the same', 'core/lines.py', old, 'GRID_POINTS = 100 + 1', tests),); "
        "raise SystemExit(suite.main([]))"
    )
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert "SURVIVED" in found.stdout, found.stdout + found.stderr
    assert "0 of 1 wrong lines were noticed" in found.stdout
    assert found.returncode == 1
