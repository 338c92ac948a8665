"""The walls of the house: who may import what, what the top level holds, which names are not used."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.study import FOLDERS

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "core").rglob("*.py"))
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


STUDIES = sorted(path for path in (ROOT / "core" / "studies").iterdir() if path.is_dir() and path.name != "__pycache__")
SPINE = [path for path in CORE if "studies" not in path.parts]


def below(place: str) -> list[Path]:
    """The files of a folder of core, or one file."""
    own = [path for path in CORE if name(path).startswith(place)]
    assert own, place
    return own


def test_the_files_are_found() -> None:
    assert len(CORE) > 25
    assert "core/studies/explorer/kinks.py" in map(name, CORE)
    assert importers("numpy", CORE) > {"core/trajectory.py"}  # what the other tests rest on
    assert {study.name for study in STUDIES} == set(FOLDERS)


def test_core_knows_no_screen() -> None:
    assert importers("streamlit", CORE) == set()
    assert importers("pages", CORE) == set()
    assert importers("app", CORE) == set()


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.name)
def test_no_study_imports_another(study: Path) -> None:
    own = [path for path in CORE if study in path.parents]
    others = {module for path in own for module in imports(path) if module.startswith("core.studies.")}
    assert {module.split(".")[2] for module in others} <= {study.name}


def test_the_spine_is_blind_to_studies() -> None:
    assert importers("core.studies", SPINE) == set()


def test_torch_stays_where_networks_train() -> None:
    allowed = ("core/engine/", "core/explainers/", "core/training/", "core/networks.py", "core/convolution.py")
    allowed += ("core/softmax.py", "core/record.py")  # the last stands in other people's training loops
    inside = ("training.py", "convolutional.py", "training/")
    for place in importers("torch", CORE):
        assert place.startswith(allowed) or (place.startswith("core/studies/") and place.endswith(inside)), place
    assert importers("torch", SPINE)


def test_compiled_code_is_in_the_engine_and_calls_nothing_outside() -> None:
    """What is compiled is kept on disk by the engine's source: code it called elsewhere could change unnoticed."""
    places = importers("numba", CORE)
    assert places == {"core/engine/compiled.py", "core/engine/tiles.py", "core/engine/events.py"}
    assert importers("llvmlite", CORE) == {"core/engine/tiles.py"}
    own = [ROOT / place for place in {*places, *importers("core.engine.compiled", CORE)}]
    found = {f"{module}." for path in own for module in imports(path)}
    assert all(module.startswith("core.engine.") for module in found if module.startswith("core."))


def test_altair_is_in_the_figures() -> None:
    found = importers("altair", CORE)
    assert found
    assert all(place.startswith("core/figure/") or "/charts/" in place for place in found)


@pytest.mark.parametrize(
    "module",
    ["torch", "numba", "altair", "sklearn", "joblib", "core.training", "core.networks", "core.engine", "core.sweeps"],
)
def test_pages_stay_away_from(module: str) -> None:
    assert importers(module, PAGES) == set()


def test_experiments_need_nothing_but_the_standard_library() -> None:
    light = [*(study / "experiment.py" for study in STUDIES), *(ROOT / "core" / f"{part}.py" for part in LIGHT)]
    found = {module for path in light for module in imports(path) if not module.startswith("core")}
    assert {module.partition(".")[0] for module in found} <= set(sys.stdlib_module_names)
    own = {module for path in light for module in imports(path) if module.startswith("core")} - {"core"}
    allowed = tuple(f"core.{part}" for part in LIGHT)
    assert all(module.startswith(allowed) for module in own)


LIGHT = ("experiment", "field", "values", "choices", "images")


@pytest.mark.parametrize(
    ("place", "above"),
    [
        ("core/theory", {"core.observables", "core.tables", "core.training", "core.store", "core.figure", "core.jobs"}),
        ("core/observables", {"core.tables", "core.training", "core.store", "core.figure", "core.jobs"}),
        ("core/datasets", {"core.training", "core.tables", "core.store", "core.figure", "core.jobs", "core.sweeps"}),
        ("core/figure", {"core.training", "core.networks", "core.jobs", "core.store", "core.sweeps"}),
        ("core/studies", {"core.jobs", "core.store", "core.sweeps", "core.shards", "core.tables"}),
        ("core/engine", {"core.training", "core.trajectory", "core.recording", "core.datasets"}),
        ("core/networks.py", {"core.training", "core.trajectory", "core.recording", "core.datasets"}),
        ("core/training", {"core.sweeps", "core.store", "core.jobs", "core.tables"}),
        ("core/trajectory.py", {"core.store", "core.tables", "core.training", "core.datasets", "core.study"}),
    ],
)
def test_dependencies_run_one_way(place: str, above: set[str]) -> None:
    for module in above:
        assert importers(module, below(place)) == set(), module


@pytest.mark.parametrize(
    "module", ["core.jobs", "core.tables", "core.store", "core.study", "core.presets", "core.figure"]
)
def test_a_fresh_import_stays_light(module: str) -> None:
    code = (
        f"import sys, {module}; from core.study import presets; presets(); "
        "print(sorted({'torch', 'streamlit', 'sklearn', 'joblib', 'altair'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_page_shows_of_a_study_needs_no_torch() -> None:
    """It takes 180 MB, and seconds of a first visit: networks train in processes of their own."""
    shown = [f"core.studies.{study.name}.{part}" for study in STUDIES for part in ("part", "scene", "tables")]
    there = [module for module in shown if importlib.util.find_spec(module) is not None]
    assert len(there) > 2 * len(STUDIES)
    code = f"""
import sys, importlib
for module in {there}:
    importlib.import_module(module)
    assert "torch" not in sys.modules, module
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]


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
