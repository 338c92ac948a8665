"""Fixtures for all tests: a cache of its own, tiny experiments, and one trained trajectory that everybody may read."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from core.datasets import Source
from core.store import Store
from core.studies.explorer.experiment import Explorer
from core.sweeps import train
from core.trajectory import Trajectory
from tests.claims import FRESH, HOLDS, Claim, Expected, Measured, recorded, table, write, write_fresh

settings.register_profile(
    "trainscope", deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("trainscope")


LONG = ("claim", "browser", "slow")
"""Marks of tests that run where a file or `-m` names them."""
CLAIMS = pytest.StashKey[list[Claim]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that write what was measured into the record of claims, and the one that leaves nothing out."""
    parser.addoption(
        "--write-claims",
        nargs="?",
        const="some",
        choices=("some", "all"),
        help="write what this run measures into tests/CLAIMS.md; all: and drop every other row",
    )
    parser.addoption("--every", action="store_true", help="in a browser, every lesson on every screen, not three looks")
    parser.addoption("--fresh-seeds", action="store_true", help="measure claims on seeds 1000 on, written beside")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep only what measures claims where that is what is asked for; leave what takes long out where nothing is."""
    if config.getoption("--write-claims") or config.getoption("--fresh-seeds"):
        other = [item for item in items if "measured" not in getattr(item, "fixturenames", ())]
    elif config.args_source == pytest.Config.ArgsSource.TESTPATHS and not config.getoption("-m"):
        other = [item for item in items if any(item.get_closest_marker(mark) for mark in LONG)]
    else:
        return
    config.hook.pytest_deselected(items=other)
    left = set(other)
    items[:] = [item for item in items if item not in left]


def pytest_configure(config: pytest.Config) -> None:
    """Have the claims draw fresh seeds, if that is asked for, in worker processes too."""
    if config.getoption("--fresh-seeds"):
        os.environ[FRESH] = "1"


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Iterator[Measured]:
    """Note what was measured of a claim, and hold it to its prediction; on fresh seeds in the end, all of a test."""
    fresh: bool = request.config.getoption("--fresh-seeds")
    other: list[str] = []

    def note(
        claim: str,
        what: str,
        value: float,
        expected: Expected,
        error: float = 0.0,
        verdict: str | tuple[str, ...] = HOLDS,
    ) -> None:
        assert error == error, f"{claim}, {what}: a standard error of too few seeds is no certainty"
        found = Claim(claim, what, float(value), expected, float(error))
        request.config.stash.setdefault(CLAIMS, []).append(found)
        said = f"{claim}, {what}: {found.value:.4g} ± {found.error:.2g} {found.verdict}"
        stated = (verdict,) if isinstance(verdict, str) else verdict
        if fresh and found.verdict not in stated:
            other.append(said)
            return
        wanted = " or ".join(stated)
        assert found.verdict in stated, f"{said}, not {wanted}; {expected.reference}, range {expected.range}"
        if not request.config.getoption("--write-claims") and not fresh:
            assert found.key in recorded(), f"tests/CLAIMS.md has no row for {found.key}: run python -m core claims"

    yield note
    assert not other, f"otherwise on fresh seeds: {'; '.join(other)}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what a worker process measured to the one that started it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["claims"] = [
            (*claim[:3], tuple(claim.expected), claim.error) for claim in session.config.stash.get(CLAIMS, [])
        ]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker process measured."""
    found = [
        Claim(name, what, value, Expected(*expected), error)
        for name, what, value, expected, error in getattr(node, "workeroutput", {}).get("claims", ())
    ]
    node.config.stash.setdefault(CLAIMS, []).extend(found)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the table of claims that this run measured, and write it down if that is asked for."""
    if claims := config.stash.get(CLAIMS, None):
        terminalreporter.section("claims")
        for line in table(claims):
            terminalreporter.write_line(line)
        if config.getoption("--write-claims"):
            write(claims, whole=config.getoption("--write-claims") == "all")
        elif config.getoption("--fresh-seeds"):
            write_fresh(claims)


os.environ["TRAINSCOPE_NICE"] = "0"
"""Tests wait for what they train, and share their machine."""


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test reads or writes the cache of the person who runs it."""
    before = os.environ.get("TRAINSCOPE_CACHE")
    folder = tmp_path_factory.mktemp("cache")
    os.environ["TRAINSCOPE_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["TRAINSCOPE_CACHE"]
    else:
        os.environ["TRAINSCOPE_CACHE"] = before


@pytest.fixture(scope="session")
def real() -> Source:
    """Real MNIST and CIFAR-10, where they are."""
    if "TRAINSCOPE_DATA" not in os.environ:
        pytest.skip("TRAINSCOPE_DATA names no folder with MNIST and CIFAR-10")
    return Source(data_dir=Path(os.environ["TRAINSCOPE_DATA"]))


def _tiny(**changes: object) -> Explorer:
    fields: dict[str, object] = {
        "n_train": 48,
        "width": 8,
        "batch_size": 4,
        "alphas": (0.5, 64.0),
        "temperatures": (2.0**-3, 2.0),
        "step_limit": 200,
    }
    return Explorer(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def tiny() -> Callable[..., Explorer]:
    """Make an experiment that trains in a tenth of a second, with fields changed."""
    return _tiny


@pytest.fixture(scope="session")
def trajectory() -> Trajectory:
    """A trained 2 x 2 plane of two seeds in which runs end in every way: fitted, at the step limit, diverged."""
    return train(_tiny(seeds=(0, 3)), source=Source(), device="cpu", workers=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store with an empty folder of shipped snapshots beside it."""
    return Store(tmp_path / "local", shipped=tmp_path / "shipped")
