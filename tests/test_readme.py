"""The README runs: its commands, its snippets, its map of the house."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pandas as pd
import pytest

from core.recorded.opened import read
from core.study import presets, studies

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("bash") for line in block.splitlines() if line]


def here(command: str) -> list[str]:
    """Return a README command with this environment in place of `.venv`."""
    words = shlex.split(command)
    words[0] = str(Path(sys.executable).parent / Path(words[0]).name)
    return words


def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"TRAINSCOPE_CACHE": str(tmp_path / "cache")}


@pytest.mark.parametrize("command", [c for c in commands() if " -m core " in c])
def test_command_lines_run(command: str, tmp_path: Path) -> None:
    words = here(command)
    if "--out" in words:
        place = words.index("--out") + 1
        words[place] = str(tmp_path / "out" / ("" if "train" in words else Path(words[place]).name))
    done = subprocess.run(words, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "figure" in words:
        assert Path(words[place]).stat().st_size > 100_000
    elif "--out" in words:
        written = {path.name for path in (tmp_path / "out").iterdir()}
        study = presets()[words[words.index("train") + 1]].experiment.study
        assert written == {"experiment.json", *(f"{name}.csv" for name in studies()[study].tables())}
    else:
        assert done.stdout


@pytest.mark.parametrize("snippet", blocks("python"))
def test_snippets_run(snippet: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", snippet],
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if "Recorder" not in snippet:
        assert "fitted" in done.stdout
        return
    words = [sys.executable, "-m", "core", "open", str(tmp_path / done.stdout.strip()), "--out", str(tmp_path / "out")]
    opened = subprocess.run(words, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert "of 1,000 points of 4 classes" in opened.stdout, opened.stderr
    rows = pd.read_csv(tmp_path / "out" / "explainers.csv").set_index("explainer")
    assert rows.loc["linear", "accuracy_test"] > 0.9
    assert rows.loc["linear", "end_retained_share"] > 0.8


def test_the_example_script_runs_as_it_stands(tmp_path: Path) -> None:
    """At a small size, on random images where CIFAR-10 is not here."""
    command = [sys.executable, "tests/examples/resnet.py", str(tmp_path / "resnet.npz"), "4", "300", "60"]
    own = environment(tmp_path) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = read((tmp_path / "resnet.npz").read_bytes())
    assert (found.classes, found.steps.tolist()) == (10, [0, 1, 2, 3, 4])
    assert len(found.explainers) == 7


def test_the_two_commands_install_what_is_installed_here_and_then_start() -> None:
    first, second = (c for c in commands() if "pip install" in c)
    assert first.split(" && ")[0] == second.split(" && ")[0] == "python3 -m venv .venv"
    for command, last in ((first, ".venv/bin/streamlit run app.py"), (second, ".venv/bin/pytest")):
        install, start = command.split(" && ")[1:]
        assert start == last
        for name, version in pins(ROOT / install.split(" -r ")[1]):
            assert importlib.metadata.version(name).split("+")[0] == version, name


def pins(path: Path) -> list[tuple[str, str]]:
    found = []
    for line in path.read_text().splitlines():
        text = line.split("#")[0].strip()
        if text.startswith("-r "):
            found += pins(path.parent / text[3:])
        elif text:
            name, version = text.split("==")
            found.append((name, version))
    return found


def test_the_first_command_serves_the_app(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("", 0))
        port = probe.getsockname()[1]
    command = [*here(".venv/bin/streamlit run app.py"), "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert answer(f"http://localhost:{port}/_stcore/health") == "ok"
    finally:
        server.terminate()
        server.wait(timeout=20)


def answer(url: str) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return str(response.read().decode())
        except OSError:
            time.sleep(0.2)
    return "no answer"


def test_it_is_short_and_its_pictures_and_places_are_there() -> None:
    assert len(README.splitlines()) <= 250
    for place in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / place).exists(), place


def test_the_map_of_the_house_is_the_house() -> None:
    """Every name in the README's map is a file or a folder of `core`."""
    section = README.partition("## Architecture")[2].partition("What flows")[0]
    own = section.partition("core/ ")[2].partition("cache/shipped")[0]
    names = re.findall(r"(?<![\w./])(\w+\.py|\w+/)(?=\s)", own)
    assert len(names) > 20
    for name in names:
        assert (ROOT / "core" / name).exists() or (ROOT / "core" / "studies" / "depths" / name).exists(), name


def test_every_page_is_in_the_table_of_pages() -> None:
    rows = README.partition("## The pages")[2].partition("\n\nAll presets")[0]
    presets_named = re.findall(r"`([a-z_]+/[a-z0-9_]+)`", rows)
    assert {name.partition("/")[0] for name in presets_named} == {name.partition("/")[0] for name in presets()}
    assert all(presets()[name].shipped for name in presets_named)
