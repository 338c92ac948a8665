"""Many visitors of a hosted app at once, by real WebSocket sessions: `python -m tests.benchmarks.load`.

Starts `pages/host.py` in public mode on an empty cache and prints, for one and for many sessions, how long an
interaction takes, what the app's process holds, and how many of random links and messages ended in an exception. A
visitor looks at the charts between two interactions, 10 s on average; what happens when nobody does is printed, too.
Fifty visitors come to two app processes on one cache folder, as behind a proxy that keeps each with its own.
`--short` takes three minutes on an idle machine; the tests run less still.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.studies.explorer.experiment import Explorer
from core.studies.explorer.view import ExplorerView
from core.study import parts
from core.view import to_query

ROOT = Path(__file__).parents[2]
STARTUP_SECONDS = 180
ANSWER_SECONDS = 120
PAUSE = 10.0
"""Seconds between two interactions of one visitor on average, exponentially distributed."""
HOSTILE = ["<script>alert(1)</script>", "../../etc/passwd", "![x](http://example.org/x.png)", "2^99999", "nan", "1e309"]
HOSTILE += [
    "",
    "\0",
    "-1",
    "=cmd|'/c calc'!A1",
    "𝟙" * 50,
    "9" * 400,
    "[" * 2000,
    '{"__proto__": 1}',
    "true",
    "%00",
    "$(id)",
]

SAID = [
    '{"edit": {"chart": "network", "rows": [{"x": "a"}, {"y": 1e999}], "done": true, "token": 2}}',
    '{"edit": {"chart": "network", "rows": [], "done": false, "token": -1}}',
    '{"rest": {"frame": 1e9, "step": "x", "speed": -5, "loop": 7}}',
    '{"rest": {"frame": 999999, "step": 999999, "speed": 1, "loop": true}}',
    '{"picture": {"chart": "../x", "format": "exe", "frame": 3, "step": 0}}',
    '{"picture": {"chart": "kinks", "format": "png", "frame": 99999, "step": 0}}',
    '{"pick": {"chart": "plane", "fields": {"alpha": [{}], "temperature": null}, "token": 9}}',
    '{"found": "v=1&alpha=%00&width=99999"}',
    '{"found": [1]}',
]
"""What a component might say, with a hostile content."""


class Session:
    """One visitor's connection."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection
        self.exceptions: list[str] = []
        self.widgets: list[str] = []

    async def run(
        self,
        query: Mapping[str, str] | str = "",
        page: str = "",
        *,
        moved: bool = True,
        widgets: Sequence[WidgetState] = (),
    ) -> float:
        """Ask for a run of the script, by a link if one is given, and return the seconds until it has ended."""
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = query if isinstance(query, str) else urlencode(query)
        state.page_name, state.is_history_navigation = page, moved
        state.widget_states.widgets.extend(widgets)
        began = time.perf_counter()
        await self.connection.send(asked.SerializeToString())
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                said = ForwardMsg()
                said.ParseFromString(await self.connection.recv())  # type: ignore[arg-type]
                if said.WhichOneof("type") == "delta":
                    self._note(said)
                if said.WhichOneof("type") == "script_finished" and said.script_finished == 0:
                    return time.perf_counter() - began

    def _note(self, said: ForwardMsg) -> None:
        element = said.delta.new_element
        if element.WhichOneof("type") == "exception":
            self.exceptions.append(element.exception.message)
        if element.WhichOneof("type") == "bidi_component":
            self.widgets.append(element.bidi_component.id)


@dataclass(frozen=True)
class Host:
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """Open a connection."""
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as connection:  # type: ignore[list-item]
            yield Session(connection)

    @property
    def megabytes(self) -> int:
        """What the process holds resident."""
        return self._status("VmRSS") // 1024

    @property
    def threads(self) -> int:
        """How many threads it has."""
        return self._status("Threads")

    @property
    def descriptors(self) -> int:
        """How many files it has open."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


@contextlib.contextmanager
def host(folder: Path, **environment: str) -> Iterator[Host]:
    """Run the app as a host does, until it is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = {"TRAINSCOPE_MODE": "public", "TRAINSCOPE_CACHE": str(folder / "cache"), "MALLOC_ARENA_MAX": "2"}
    command = [sys.executable, "-m", "streamlit", "run", "pages/host.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | own | environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        deadline = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5).close()
                break
            time.sleep(0.1)
        yield Host(port, process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def cell(number: int) -> dict[str, str]:
    """Return the link to one of the 144 runs of the shipped plane."""
    plane, view = Explorer(), ExplorerView()
    alpha, temperature = plane.alphas[number % 12], plane.temperatures[number // 12 % 12]
    return to_query(replace(view, alpha=alpha, temperature=temperature))


def untrained(number: int) -> dict[str, str]:
    """Return the link to a run that is not there, and takes a second or so."""
    return to_query(ExplorerView().changed({"width": 128, "depth": 2, "seed": 1000 + number}))


async def interactions(
    hosts: Sequence[Host], sessions: int, each: int, training: int = 0, pause: float = 0
) -> list[float]:
    """Return how long so many interactions of every visitor take, in seconds, from the shortest to the longest.

    Args:
        hosts: app processes; a visitor stays with one.
        sessions: visitors, who all have a run of the script behind them.
        each: interactions of a visitor that are timed.
        training: further visitors, who ask for runs that are not there, all the time.
        pause: seconds that a visitor waits before an interaction, on average.
    """

    async def visitor(number: int) -> list[float]:
        rng = random.Random(number)
        took = []
        async with hosts[number % len(hosts)].session() as session:
            await asyncio.sleep(rng.uniform(0, pause))
            await session.run(cell(number))
            for k in range(each):
                await asyncio.sleep(rng.expovariate(1 / pause) if pause else 0)
                took.append(await session.run(cell(number * each + k)))
        return took

    async def trains(number: int) -> None:
        async with hosts[number % len(hosts)].session() as session:
            for again in range(10_000):
                await session.run(untrained(number + training * again))
                await asyncio.sleep(1)

    busy = [asyncio.create_task(trains(number)) for number in range(training)]
    found = await asyncio.gather(*(visitor(number) for number in range(sessions)))
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
    return sorted(second for times in found for second in times)


async def pages(own: Host) -> list[str]:
    """Have one visitor see every page; return the exceptions."""
    async with own.session() as session:
        for part in parts().values():
            await session.run(to_query(part.view()), page=part.view.part)
        return session.exceptions


async def views(own: Host, count: int) -> list[str]:
    """Have visitors open links to different runs, a new session each; return the exceptions."""
    found = []
    for number in range(count):
        async with own.session() as session:
            await session.run(cell(number) | {"step": str(number)})
            found += session.exceptions
    return found


def fuzzed(rng: random.Random) -> str:
    """Return a link that a hostile hand has written."""
    known = list(to_query(ExplorerView()))
    query = to_query(ExplorerView()) if rng.random() < 0.7 else {}
    for _ in range(rng.randrange(1, 6)):
        word = rng.choice(known) if rng.random() < 0.8 else "".join(rng.choices(string.printable, k=rng.randrange(30)))
        text = (
            rng.choice(HOSTILE) if rng.random() < 0.6 else "".join(rng.choices(string.printable, k=rng.randrange(60)))
        )
        query[word] = text
    return urlencode(query)


def message(rng: random.Random, widget: str) -> WidgetState:
    """Return what a hostile script makes a component say."""
    text = rng.choice([*HOSTILE, '{"pick": {"chart": "plane", "fields": {"alpha": "x"}, "token": 1}}', '{"rest": {}}'])
    text = rng.choice(
        [text, '{"edit": {"rows": [1], "done": 3}}', '{"pick": []}', '{"frame": -1e9, "rest": null}', *SAID]
    )
    state = WidgetState(id=rng.choice([widget, widget + "x", "$$ID-0-None"]))
    if rng.random() < 0.5:
        state.json_value = text
    else:
        state.json_trigger_value = text
    return state


async def hostile(own: Host, links: int, messages: int, rng: random.Random) -> list[str]:
    """Send hostile links and messages; return the exceptions. A session that dies raises."""
    found = []
    for _ in range(links):
        async with own.session() as session:
            await session.run(fuzzed(rng))
            found += session.exceptions
    async with own.session() as session:
        await session.run(cell(0))
        widgets = sorted(set(session.widgets))
        for _ in range(messages):
            await session.run(moved=False, widgets=[message(rng, rng.choice(widgets))])
        await session.run(cell(1))
        found += session.exceptions
    return found


def said(times: Sequence[float]) -> str:
    """Return the median and the 95th percentile."""
    return f"median {median(times):.2f} s, 95th percentile {late(times):.2f} s"


def late(times: Sequence[float]) -> float:
    """Return the 95th percentile of times from the shortest to the longest."""
    return times[int(0.95 * (len(times) - 1))]


def ratios(times: Sequence[float], alone: Sequence[float]) -> str:
    """Return how many times longer they are."""
    return f"{median(times) / median(alone):.1f} and {late(times) / late(alone):.1f} times"


async def measure(own: Host, more: Host, short: bool) -> None:
    """Print the figures of one app process, and of two."""
    rng = random.Random(0)
    alone = await interactions([own], 1, 20)
    print(f"1 session: {said(alone)}", flush=True)
    print(f"after every page: {len(await pages(own))} exceptions, {own.megabytes} MB", flush=True)
    await interactions([more], 1, 3)
    one, two = [own], [own, more]
    short_of = ((one, 12, 4, 0, PAUSE), (one, 12, 4, 0, 0), (two, 12, 4, 2, PAUSE))
    for hosts, sessions, each, training, pause in (
        short_of if short else ((one, 12, 8, 0, PAUSE), (one, 12, 8, 0, 0), (two, 50, 6, 4, PAUSE))
    ):
        times = await interactions(hosts, sessions, each, training, pause)
        print(
            f"{sessions} sessions that pause {pause:.0f} s, {training} visitors who train, {len(hosts)} processes: ",
            end="",
        )
        print(f"{said(times)}; {ratios(times, alone)} one alone", flush=True)
    for total in (40, 80) if short else (500, 1000):
        raised = await views(own, total // 2)
        print(f"{total // 2} links more: {len(raised)} exceptions, {own.megabytes} MB, ", end="")
        print(f"{own.threads} threads, {own.descriptors} descriptors", flush=True)
    links, messages = (50, 30) if short else (2000, 500)
    raised = await hostile(own, links, messages, rng)
    print(
        f"{links} fuzzed links, {messages} hostile messages: {len(raised)} exceptions {raised[:3]}, {own.megabytes} MB"
    )


def main() -> None:
    """Start a host and measure it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        with host(Path(folder)) as own:
            print(f"ready after {time.perf_counter() - began:.1f} s, {own.megabytes} MB", flush=True)
            with host(Path(folder)) as more:
                asyncio.run(measure(own, more, options.short))


if __name__ == "__main__":
    main()
