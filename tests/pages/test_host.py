"""The app as a host runs it: the Dockerfile's own steps, headers, readiness, gauges, and a short load."""

import asyncio
import json
import os
import random
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.limits import MODE, Limits, variable
from core.values import ExperimentError
from pages.host import headers, readable
from tests.benchmarks.hostile import broken, hostile
from tests.benchmarks.load import interactions, pages, views
from tests.benchmarks.visitors import Host

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
WORKERS = "TRAINSCOPE_WORKERS"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the image's /app, made by the COPY lines of the Dockerfile."""
    app = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    for source, target in re.findall(r"^COPY (?!--from)(\S+) (\S+)$", FINAL, flags=re.MULTILINE):
        place = app / target
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place / source if place.is_dir() else place)
    (app / "compiled").mkdir()  # made by a RUN line
    return app


def start() -> list[str]:
    found = re.search(r"^CMD (.*)$", FINAL, flags=re.MULTILINE)
    assert found is not None
    words: list[str] = json.loads(found[1])
    return words


def health() -> list[str]:
    found = re.search(r"^HEALTHCHECK .*CMD (.*)$", FINAL, flags=re.MULTILINE)
    assert found is not None
    return shlex.split(found[1])


@pytest.fixture(scope="module")
def served(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """That folder, served by the Dockerfile's CMD."""
    data = tmp_path_factory.mktemp("data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    own = dict(re.findall(r"(\w+)=(\S+)", " ".join(re.findall(r"^ENV (.*)$", FINAL, flags=re.MULTILINE))))
    own |= {"TRAINSCOPE_CACHE": str(data), "NUMBA_CACHE_DIR": str(data / "compiled"), "PORT": port}
    own |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TRAINSCOPE_MODE": "public"}
    environment = {name: text for name, text in os.environ.items() if not name.startswith("TRAINSCOPE")} | own
    log = data / "log"
    with (
        log.open("wb") as sink,
        subprocess.Popen(start(), cwd=image, env=environment, stderr=sink, start_new_session=True) as process,
    ):
        deadline = time.monotonic() + 300
        while subprocess.run(health(), env=environment, capture_output=True, check=False).returncode:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.5)
        assert "trainscope.host ready=True" in log.read_text()
        yield Host(int(port), process)
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def answer(url: str, **how: Any) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(url, **how)
    try:
        with urllib.request.urlopen(request, timeout=60) as found:
            return found.status, found.read().decode(), {name.lower(): text for name, text in found.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers.items())


def test_the_image_holds_what_it_copies_and_no_more(image: Path) -> None:
    admitted = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {path.name for path in image.iterdir()} - {"cache", "compiled"} | {"cache/shipped", "requirements.txt"}
    assert admitted == copied
    assert "USER 1000" in FINAL
    assert "apt" not in DOCKERFILE


def test_the_hosted_app_is_ready_when_it_answers_and_says_what_a_monitor_reads(served: Host) -> None:
    url = f"http://127.0.0.1:{served.port}"
    status, text, headers = answer(f"{url}/ready")
    assert (status, text) == (200, "ready")
    status, text, headers = answer(url)
    assert status == 200
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    status, text, _ = answer(f"{url}/gauges")
    found = dict(line.rsplit(" ", 1) for line in text.splitlines())
    assert found['trainscope_jobs{queue="quick",state="queued"}'] == "0"
    assert found["trainscope_cache_writable"] == "1"
    assert int(found["trainscope_memory_bytes"]) > 10_000_000, "the first views are drawn before anybody comes"


@pytest.mark.parametrize(
    ("named", "policy"),
    [
        ("", "frame-ancestors 'self';"),
        ("*", "frame-ancestors 'self' *;"),
        ("https://a.org  https://*.b.org:8443", "frame-ancestors 'self' https://a.org https://*.b.org:8443;"),
    ],
)
def test_the_host_says_who_may_frame_it(named: str, policy: str) -> None:
    assert policy in headers(named)["content-security-policy"]


@pytest.mark.parametrize("named", ["a.org", "https://a.org; script-src *", "'unsafe'", "https://a.org\nx: y"])
def test_what_is_no_site_may_not_frame(named: str) -> None:
    with pytest.raises(ExperimentError, match=r"TRAINSCOPE_FRAMES: .*sites like https://example\.org"):
        headers(named)


def test_a_visit_may_send_so_many_files(served: Host) -> None:
    url = f"http://127.0.0.1:{served.port}"
    most = Limits.of({"TRAINSCOPE_MODE": "public"}).upload_requests
    codes = [answer(f"{url}/_stcore/upload_file/me/{k}", data=b"x", method="PUT")[0] for k in range(most + 2)]
    assert set(codes[:most]) <= {400, 403}, "no such visit"
    assert codes[most:] == [429, 429]


def test_a_file_beyond_the_limit_is_not_taken_in(served: Host) -> None:
    most = Limits.of({"TRAINSCOPE_MODE": "public"}).upload_bytes
    url = f"http://127.0.0.1:{served.port}/_stcore/upload_file/you/0"
    status, said, _ = answer(url, data=bytes(most + 10_000), method="PUT")
    assert (status, said) == (413, "A file may have 5 MB on this host.")


@pytest.mark.parametrize("broken", ["", "{", "[" * 100_000, "<script>", "NaN,"])
def test_a_component_that_says_no_json_is_not_heard(broken: str) -> None:
    said = BackMsg()
    said.rerun_script.query_string = "alpha=2"
    kept = [WidgetState(id="a", json_value='{"rest": {}}'), WidgetState(id="c", int_value=3)]
    bad = [WidgetState(id="b", json_value=broken), WidgetState(id="d", json_trigger_value=broken)]
    said.rerun_script.widget_states.widgets.extend([kept[0], bad[0], kept[1], bad[1]])
    heard = BackMsg.FromString(readable(said.SerializeToString()))
    assert heard.rerun_script.query_string == "alpha=2"
    assert list(heard.rerun_script.widget_states.widgets) == kept


def test_a_message_that_is_none_is_left_to_streamlit() -> None:
    assert readable(b"\xff\xff") == b"\xff\xff"


def test_visitors_of_a_host_in_short(served: Host) -> None:
    """`tests.benchmarks.load` and `tests.benchmarks.hostile` in long, which is where times are compared."""

    async def visit() -> list[str]:
        assert len(await interactions([served], 3, 2, training=1)) == 6
        found = [*await pages(served), *await views(served, 5), *await hostile(served, 12, 60, random.Random(3))]
        found += await broken(served, 20, random.Random(4))
        threads, descriptors = served.threads, served.descriptors
        found += await views(served, 5)
        assert served.threads <= threads + 3
        assert served.descriptors <= descriptors + 3 * 5 + 5, "Streamlit holds three for two minutes of every visit"
        return found

    with ThreadPoolExecutor(1) as pool:  # Playwright's loop runs in this thread if a browser test came before
        assert pool.submit(asyncio.run, visit()).result() == []
    assert served.megabytes < 600


def test_the_lock_has_the_pins_and_a_hash_of_every_package() -> None:
    lines = (ROOT / ".streamlit" / "lock-cpu-py311.txt").read_text().splitlines()
    locked = {}
    for line in lines:
        if not line.startswith(("#", "--")):
            found = re.fullmatch(r"([\w.-]+)==(\S+) --hash=sha256:[0-9a-f]{64}", line)
            assert found is not None, line
            locked[found[1]] = found[2].removesuffix("+cpu")
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE))
    assert len(pins) > 10
    assert {name: locked[name] for name in pins} == pins
    assert len(locked) > len(pins) + 30


def test_the_proxy_keeps_from_strangers_what_is_a_monitors() -> None:
    proxy = (ROOT / ".github" / "deploy" / "nginx.conf").read_text()
    assert "location ~ ^/(gauges|_stcore/metrics) { return 404; }" in proxy
    compose = (ROOT / ".github" / "deploy" / "compose.yaml").read_text()
    assert set(re.findall(r"TRAINSCOPE_\w+", compose)) <= {*map(variable, Limits.__dataclass_fields__), MODE, WORKERS}
