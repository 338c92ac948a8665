"""The walls of the house: who may import what, what the top level holds, which names are not used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "core").rglob("*.py"))
TRAINING = {
    f"core/training/{part}.py"
    for part in (
        *("__init__", "bank", "plane", "flow", "kinks", "directions", "complexity"),
        *("phase_plane", "convolutional_plane"),
    )
}
PAGES = sorted([ROOT / "app.py", *(ROOT / "pages").rglob("*.py")])
TOP = {"app.py", "pages", "core", "cache", "tests", "requirements.txt", "Dockerfile", "README.md"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, anywhere in it: `from a import b` may be the module a.b, so it gives both."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: a relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(module: str, paths: list[Path]) -> set[str]:
    return {name(path) for path in paths if any(f"{m}.".startswith(f"{module}.") for m in imports(path))}


def test_the_files_are_found() -> None:
    assert len(CORE) > 25
    assert "core/observables/kinks.py" in map(name, CORE)
    assert importers("numpy", CORE) > {"core/trajectory/base.py"}  # what the other tests rest on


def test_core_knows_no_screen() -> None:
    assert importers("streamlit", CORE) == set()
    assert importers("pages", CORE) == set()
    assert importers("app", CORE) == set()


def test_torch_stays_where_networks_train() -> None:
    engine = {"core/engine/__init__.py", "core/engine/gpu.py"}
    explainers = {"core/explainers/multilayer.py", "core/explainers/convolutional.py"}
    assert importers("torch", CORE) - engine - explainers == {"core/networks.py", "core/convolution.py", *TRAINING}


def test_compiled_code_is_in_two_files_that_do_not_call_each_other() -> None:
    """What is compiled is cached under its own file: code it calls elsewhere could change unnoticed."""
    assert importers("numba", CORE) == {"core/engine/cpu.py", "core/engine/events.py"}
    assert importers("llvmlite", CORE) == {"core/engine/cpu.py"}
    own = [ROOT / "core/engine/cpu.py", ROOT / "core/engine/events.py"]
    assert importers("core", own) == set()


def test_altair_is_in_the_charts() -> None:
    assert all(path.startswith("core/charts/") for path in importers("altair", CORE))
    assert importers("altair", CORE)


@pytest.mark.parametrize(
    "module",
    ["torch", "numba", "altair", "sklearn", "joblib", "core.training", "core.networks", "core.engine", "core.sweeps"],
)
def test_pages_stay_away_from(module: str) -> None:
    assert importers(module, PAGES) == set()


def test_experiments_need_nothing_but_the_standard_library() -> None:
    found = {module for path in (ROOT / "core" / "experiments").glob("*.py") for module in imports(path)}
    assert set(imports(ROOT / "core" / "images.py")) == {"__future__", "__future__.annotations"}
    others = {module for module in found if not module.startswith(("core.experiments", "core.images"))}
    assert {module.partition(".")[0] for module in others - {"core"}} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("core/theory", {"core.observables", "core.frames", "core.training", "core.store", "core.charts", "core.jobs"}),
        ("core/observables", {"core.frames", "core.training", "core.store", "core.charts", "core.jobs"}),
        ("core/datasets", {"core.training", "core.frames", "core.store", "core.charts", "core.jobs", "core.sweeps"}),
        ("core/charts", {"core.training", "core.networks", "core.jobs", "core.store", "core.sweeps"}),
        ("core/frames", {"core.training", "core.networks", "core.jobs", "core.charts", "core.sweeps"}),
        ("core/engine", {"core.training", "core.trajectory", "core.recording", "core.datasets"}),
        ("core/networks.py", {"core.training", "core.trajectory", "core.recording", "core.datasets"}),
        ("core/training", {"core.sweeps", "core.store", "core.jobs", "core.frames"}),
        ("core/trajectory", {"core.store", "core.frames", "core.training", "core.datasets"}),
    ],
)
def test_dependencies_run_one_way(below: str, above: set[str]) -> None:
    own = [path for path in CORE if name(path).startswith(below)]
    assert own
    for module in above:
        assert importers(module, own) == set()


@pytest.mark.parametrize(
    "module", ["core.jobs", "core.frames", "core.store", "core.presets", "core.charts.plane", "core.experiments"]
)
def test_a_fresh_import_stays_light(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'torch', 'streamlit', 'sklearn', 'joblib'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return done.stdout.splitlines()


def test_the_visible_top_level() -> None:
    tops = {path.partition("/")[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} <= TOP


def test_names_that_say_nothing_are_not_used() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    for path in tracked():
        parts = {part for place in Path(path).parts for part in Path(place).stem.lower().split("_")}
        assert not parts & nothing, path
    for path in [*CORE, *PAGES]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                assert not any(word in node.name.lower() for word in nothing), f"{name(path)}: {node.name}"


def test_everything_public_in_core_has_a_docstring() -> None:
    for path in CORE:
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree), name(path)
        for holder in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
            if isinstance(holder, ast.ClassDef) and holder.name.startswith("_"):
                continue
            for node in holder.body:
                if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                    assert ast.get_docstring(node), f"{name(path)}: {node.name}"
