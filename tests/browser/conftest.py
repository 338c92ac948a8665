"""A real browser and a real Streamlit server for the tests marked `browser`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chromium import FLAGS

REPOSITORY = Path(__file__).resolve().parents[2]
STARTUP_SECONDS = 90


def unavailable(reason: str) -> None:
    """Skips on a developer's machine; on CI a missing browser must not pass for a passed test."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_chromium() -> str | None:
    named = os.environ.get("TRAINSCOPE_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium; open pages by `visiting.new_page`."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("playwright is not installed (pip install -r tests/requirements.txt)")
    executable = find_chromium()
    if executable is None:
        unavailable("no Chromium found (install it, or name it in TRAINSCOPE_CHROMIUM)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, "--process-per-site"])
        yield chromium
        chromium.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"Streamlit did not start at {url}:\n{log.read_text()[-4000:]}", pytrace=False)


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """`serve(script, env={...}, args=[...])` starts Streamlit on a free port and gives its address.

    One server for the same script and settings serves the whole session; all are stopped at its end.
    """
    servers: dict[tuple[object, ...], tuple[str, subprocess.Popen[bytes]]] = {}
    with tempfile.TemporaryDirectory() as logs:

        def start(script: str | Path, env: Mapping[str, str] | None = None, args: tuple[str, ...] = ()) -> str:
            path = (REPOSITORY / script).resolve()
            settings = (path, tuple(sorted((env or {}).items())), tuple(args))
            if settings in servers:
                return servers[settings][0]
            port = free_port()
            log = Path(logs) / f"{port}.log"
            command = [sys.executable, "-m", "streamlit", "run", str(path)]
            command += [
                "--server.port",
                str(port),
                "--server.address",
                "127.0.0.1",
                "--server.headless",
                "true",
            ]
            command += ["--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false", *args]
            search_path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
            environment = {**os.environ, "PYTHONPATH": search_path, **(env or {})}
            with log.open("wb") as sink:
                server = subprocess.Popen(
                    command,
                    cwd=REPOSITORY,
                    env=environment,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            url = f"http://127.0.0.1:{port}"
            servers[settings] = (url, server)
            wait_until_healthy(url, server, log)
            return url

        yield start
        for _, server in servers.values():
            stop(server)


@pytest.fixture(scope="session")
def app(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app on what ships, in a cache of its own: one server for all pages that train little or nothing.

    It starts no child before somebody trains.
    """
    return serve("app.py", env={"TRAINSCOPE_CACHE": str(tmp_path_factory.mktemp("cache")), "TRAINSCOPE_WARM": "0"})


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server with whatever worker processes it started."""
    try:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    except ProcessLookupError:
        server.wait()
