"""Hostile visitors of a hosted app: `python -m tests.benchmarks.hostile`.

Starts `pages/host.py` in public mode on an empty cache; sends it fuzzed links, broken uploads and messages that no
component of ours sends, and has one visitor ask for far more training than anybody may. Prints how many exceptions
came of it, and by how much a run of another visitor was late. `--short` takes a minute.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import string
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.recorded.recorded import encoded
from core.studies.explorer.view import ExplorerView
from core.studies.own_network.view import OwnNetworkView
from core.view import to_query
from tests.benchmarks.visitors import Host, Session, cell, host, untrained
from tests.core.studies.recordings import recorded

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
        widgets = sorted(set(session.components))
        for _ in range(messages):
            await session.run(moved=False, widgets=[message(rng, rng.choice(widgets))])
        await session.run(cell(1))
        found += session.exceptions
    return found


def tables() -> list[tuple[str, bytes]]:
    """Return files that the app takes: a table, and a recording."""
    rows = "".join(f"{row / 7},{row * 37 % 11},{row % 2}\n" for row in range(40))
    return [("table.csv", f"a,b,label\n{rows}".encode()), ("recording.npz", encoded(recorded()))]


BREAKS: list[Callable[[random.Random, bytes], bytes]] = [
    lambda rng, content: content[: rng.randrange(len(content))],
    lambda rng, content: rng.randbytes(rng.randrange(3000)),
    lambda rng, content: bytes(byte ^ (1 << rng.randrange(8)) if rng.random() < 0.02 else byte for byte in content),
    lambda rng, content: content.replace(b",", b"\0"),
    lambda rng, content: b'"' + content,
    lambda rng, content: content.replace(b"1", b"1e999").replace(b"label", b"=cmd|'/c calc'!A1"),
    lambda rng, content: content.decode("latin-1").encode("utf-16"),
    lambda rng, content: b"PK\x03\x04" + content,
    lambda rng, content: b"\n" * rng.randrange(5000) + content[:20],
    lambda rng, content: b",".join([b"a"] * 4000) + b"\n" + b",".join([b"1"] * 4000),
    lambda rng, content: b"\x80\x04cos\nsystem\n(S'id'\ntR." + content[:50],
    lambda rng, content: b"label\n" + b"9" * 100_000,
]
NAMES = ["table{}", "../../{}", "<img src=x onerror=alert(1)>{}", "=1+1{}", "a" * 300 + "{}", "con{}"]


async def broken(own: Host, count: int, rng: random.Random) -> list[str]:
    """Upload broken tables and recordings, fifteen a visit; return the exceptions."""
    found = []
    links = [("", to_query(ExplorerView())), ("complexity", to_query(OwnNetworkView()))]
    for first in range(0, count, 15):
        which = first // 15 % 2
        async with own.session() as session:
            page, link = links[which]
            await session.run(link, page)
            if not page:  # no link asks for a table that is not there
                own_table = WidgetState(id=session.choices["Dataset"], string_value="Your own table")
                await session.run(moved=False, widgets=[own_table])
            name, content = tables()[which]
            for _ in range(first, min(first + 15, count)):
                what = rng.choice(NAMES).format(name[name.index(".") :])
                sent = await session.upload(what, rng.choice(BREAKS)(rng, content))
                await session.run(moved=False, widgets=[sent])
            await session.run(cell(1))
            found += session.exceptions
    return found


async def one_run(own: Host, number: int) -> float:
    """Return the seconds in which a visitor has a run that nobody has asked for, and that takes a second or so."""
    async with own.session() as session:
        await session.run(cell(0))
        began = time.perf_counter()
        await session.run(untrained(number))
        while session.training:
            await asyncio.sleep(0.1)
            await session.run(moved=False)
        return time.perf_counter() - began


async def greedy(session: Session, count: int) -> int:
    """Ask for so many long trainings, each by its link and its button; return how many buttons were offered."""
    offered = 0
    for number in range(count):
        plane = ExplorerView().changed({"width": 512, "depth": 3, "seed": 5000 + number})
        await session.run(to_query(plane))
        for label, button in list(session.buttons.items()):
            if label.startswith("Train "):
                offered += 1
                await session.run(moved=False, widgets=[WidgetState(id=button, trigger_value=True)])
                break
    return offered


async def late(own: Host, trainings: int, runs: int) -> tuple[list[float], list[float], int]:
    """Return how long runs of a visitor take alone, and while another asks for so many long trainings; and how many
    of those were offered.
    """
    await one_run(own, 99)  # compiles what the image of a host has compiled
    alone = [await one_run(own, 100 + number) for number in range(runs)]
    async with own.session() as session:
        offered = await greedy(session, trainings)
        beside = [await one_run(own, 200 + number) for number in range(runs)]
    return sorted(alone), sorted(beside), offered


async def measure(own: Host, short: bool) -> None:
    """Print the figures."""
    rng = random.Random(0)
    links, messages, uploads = (50, 30, 30) if short else (2000, 500, 300)
    raised = await hostile(own, links, messages, rng)
    print(f"{links} fuzzed links, {messages} hostile messages: {len(raised)} exceptions {raised[:3]}", flush=True)
    raised = await broken(own, uploads, rng)
    print(f"{uploads} broken uploads: {len(raised)} exceptions {raised[:3]}, {own.megabytes} MB", flush=True)
    alone, beside, offered = await late(own, 20 if short else 200, 3 if short else 9)
    print(f"one run: {' '.join(f'{took:.1f}' for took in alone)} s alone, ", end="")
    print(f"{' '.join(f'{took:.1f}' for took in beside)} s beside {offered} long trainings asked for")


def main() -> None:
    """Start a host and attack it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, host(Path(folder)) as own:
        asyncio.run(measure(own, options.short))


if __name__ == "__main__":
    main()
