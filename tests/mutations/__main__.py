"""Wrong physics, one line at a time: `python -m tests.mutations [--short] [WORD ...]`.

Each mutation replaces one expression in a temporary copy of the repository and runs the tests that should notice; it
survives if they pass. The exit code is 0 if none does. `--short` takes the quick ones, which run in continuous
integration; words select mutations by a part of their name.

Libraries are imported once, and every run is a fork that imports the copy's `core` for itself.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.mutations.catalogue import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]
LIBRARIES = ("altair", "joblib", "numba", "pandas", "scipy.stats", "sklearn.linear_model", "torch")
LEFT_OUT = shutil.ignore_patterns("browser", "benchmarks", ".git", ".venv", "*cache", "node_modules")
SURVIVED, KILLED = 0, 1
"""Exit codes of pytest: all tests passed, some failed; any other says that the suite itself is wrong."""


def copied(folder: Path) -> Path:
    """Copy what the tests need; compiled code beside it stays valid, as times of change are kept."""
    for name in ("core", "pages", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
    for name in ("app.py", "README.md", ".pytest.ini"):
        shutil.copy2(ROOT / name, folder / name)
    (folder / "cache").mkdir()
    (folder / "cache" / "shipped").symlink_to(ROOT / "cache" / "shipped")
    return folder


@contextlib.contextmanager
def mutated(mutation: Mutation, folder: Path) -> Iterator[None]:
    """Hold the mutation in the copy."""
    path = folder / mutation.file
    text, times = path.read_text(encoding="utf-8"), path.stat()
    if text.count(mutation.old) != 1:
        raise SystemExit(f"{mutation.name}: {mutation.old!r} is {text.count(mutation.old)} times in {mutation.file}")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    os.utime(path, (times.st_atime, times.st_mtime + 10))  # so that no kept bytecode is taken for it
    try:
        yield
    finally:
        path.write_text(text, encoding="utf-8")
        os.utime(path, (times.st_atime, times.st_mtime))


def outcome(tests: Sequence[str], folder: Path, log: Path) -> int:
    """Run tests in a fork that imports the copy, and return pytest's exit code; its output goes to the log."""
    child = os.fork()
    if not child:
        try:
            os._exit(_run(tests, folder, log))
        finally:  # an exception must not go on in the parent's name
            traceback.print_exc()
            os._exit(70)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(tests: Sequence[str], folder: Path, log: Path) -> int:
    """Run tests in this process, of the copy."""
    os.chdir(folder)
    sys.dont_write_bytecode = True
    sys.path[:] = [str(folder), *(place for place in sys.path if place not in ("", str(ROOT)))]
    os.environ["PYTHONPATH"] = str(folder)
    for name in [name for name in sys.modules if name.split(".")[0] in ("core", "tests")]:
        del sys.modules[name]
    with log.open("w") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
        return int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]))


def failed(log: Path) -> str:
    """Return the first failure that the log names."""
    lines = log.read_text(errors="replace").splitlines()
    return next((line.partition(" - ")[0] for line in lines if line.startswith(("FAILED", "ERROR"))), "no failure")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutations; return 0 if each turned a test red."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.split("\n")[0])
    parser.add_argument("--short", action="store_true", help="only the quick ones")
    parser.add_argument("words", nargs="*", metavar="WORD", help="only those whose name has one of these in it")
    options = parser.parse_args(arguments)
    chosen = [
        one
        for one in MUTATIONS
        if (one.quick or not options.short) and (not options.words or any(word in one.name for word in options.words))
    ]
    for library in LIBRARIES:
        importlib.import_module(library)
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder, log = copied(Path(name) / "copy"), Path(name) / "log"
        code = outcome(sorted({test for one in chosen for test in one.tests}), folder, log)
        if code:
            print(log.read_text(errors="replace"), f"the tests fail without a mutation, too ({code})", sep="\n")
            return 2
        for one in chosen:
            began = time.monotonic()
            with mutated(one, folder):
                code = outcome(one.tests, folder, log)
            wrong += code != KILLED
            said = failed(log) if code == KILLED else "SURVIVED" if code == SURVIVED else f"exit code {code}"
            print(f"{one.name:60} {time.monotonic() - began:5.1f} s  {said}", flush=True)
    print(f"{len(chosen) - wrong} of {len(chosen)} wrong lines were noticed")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
