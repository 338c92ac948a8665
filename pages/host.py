"""The app as a host runs it, `python -m streamlit run pages/host.py`: the same pages, ready before anybody comes.

What the first visitor would wait for is imported and drawn before the server answers, so that Streamlit's own health is
readiness. Every answer has security headers, `/ready` says whether jobs are served and the cache can be written, and
`/gauges` what a monitor reads; a proxy keeps that one from strangers.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core import pinned
from core.limits import limits
from core.runs import named
from core.study import parts
from core.values import ExperimentError
from pages.door import FIRST
from pages.shared import library
from pages.shared.part import scene_of

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "content-security-policy": "object-src 'none'; base-uri 'self'; frame-ancestors {frames}; form-action 'self'",
}
"""No `script-src`: Streamlit's components are scripts in blobs, and Vega makes functions of its expressions."""
FRAMES = "TRAINSCOPE_FRAMES"
"""Names the sites that may show the app in a frame, as a CSP writes them: `https://a.org https://*.b.org`, or `*`."""
SITES = re.compile(r"|\*|https?://[\w.*:-]+( +https?://[\w.*:-]+)*")
UPLOAD = re.compile(r".*/_stcore/upload_file/([^/]+)/[^/]+")
ENVELOPE_BYTES = 2_000
"""Of what a browser sends around a file, at most."""
VISITS = 10_000
"""Visits whose uploads are counted."""

logging.basicConfig(format="%(asctime)s %(name)s %(message)s")
logging.getLogger("trainscope").setLevel(logging.INFO)  # one line a job, without anything of who asked for it
log = logging.getLogger("trainscope.host")


def headers(frames: str) -> dict[str, str]:
    """Return the headers of every answer, for the sites that may frame it.

    Raises ExperimentError if they are not sites divided by spaces.
    """
    if not SITES.fullmatch(frames.strip()):
        raise ExperimentError(FRAMES, "sites like https://example.org, divided by spaces, or *", frames)
    ancestors = " ".join(["'self'", *frames.split()])
    return {name: text.format(frames=ancestors) for name, text in HEADERS.items()}


class Guard:
    """Adds the headers, drops what no component says, and bounds the files that one visit may send.

    A file stays in memory as long as the visit.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = headers(os.environ.get(FRAMES, ""))
        self.uploads: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":

            async def checked() -> Message:
                message = await receive()
                if message.get("bytes"):
                    message["bytes"] = readable(message["bytes"])
                return message

            await self.app(scope, checked, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                added = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    added.setdefault(name, value)
            await send(message)

        if refusal := self._refusal(scope):
            while (await receive()).get("more_body"):
                pass  # a browser hears an answer once it has sent all, of which nothing is kept
            await refusal(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        """Return the answer to a file that this host does not take: Streamlit would keep it in memory all the same."""
        found = UPLOAD.fullmatch(scope["path"])
        if found is None or scope["method"] != "PUT":
            return None
        self.uploads[found[1]] += 1
        if len(self.uploads) > VISITS:
            self.uploads = Counter(dict(self.uploads.most_common(VISITS // 2)))
        if not limits().uploads or self.uploads[found[1]] > limits().upload_requests:
            return PlainTextResponse("This visit has sent as many files as this host allows.", 429)
        length = Headers(scope=scope).get("content-length", "")
        if not length.isdecimal():
            return PlainTextResponse("A file is sent with its length.", 411)
        if int(length) > limits().upload_bytes + ENVELOPE_BYTES:
            return PlainTextResponse(f"A file may have {limits().upload_bytes / 1e6:g} MB on this host.", 413)
        return None


def readable(message: bytes) -> bytes:
    """Return what a browser says to a session, without the components' values that are no JSON.

    Streamlit would not run the script on such a value, and show its visitor an error that is not ours.
    """
    try:
        said = BackMsg.FromString(message)
    except DecodeError:
        return message  # Streamlit refuses it in one line
    states = said.rerun_script.widget_states.widgets
    broken = [number for number, state in enumerate(states) if not _is_json(state)]
    for number in reversed(broken):
        del states[number]
    return said.SerializeToString() if broken else message


def _is_json(state: WidgetState) -> bool:
    kind = state.WhichOneof("value")
    try:
        if kind in ("json_value", "json_trigger_value"):
            json.loads(getattr(state, kind))
    except (ValueError, RecursionError):
        return False
    return True


def prepare() -> None:
    """Import what every page needs, and draw the first view of the door and of each part as its visitor will see it."""
    jobs = library.jobs()
    door, played = named(FIRST)
    for part, first in [(door, lambda: played), *((part, part.view) for part in parts().values())]:
        try:
            view = first()
            drawn = [library.find(one) for one in pinned.needs(part, view)]
            if part.ready(view, drawn):
                scene_of(part, view, drawn)
        except Exception:  # the page will say what is wrong; the others are to be ready all the same
            log.exception("the first view of %s cannot be drawn beforehand", part.title)
    log.info("ready=%s workers=%d", jobs.ready(), jobs.workers)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Prepare before the first request is answered, and leave no process behind."""
    await asyncio.to_thread(prepare)
    yield
    await asyncio.to_thread(library.jobs().close)


def ready(_: Request) -> PlainTextResponse:
    """Say whether jobs are served and the cache can be written."""
    return PlainTextResponse("ready", 200) if library.jobs().ready() else PlainTextResponse("not ready", 503)


def gauges(_: Request) -> PlainTextResponse:
    """Return what a monitor reads, in the text format of Prometheus."""
    return PlainTextResponse("".join(f"trainscope_{name} {value}\n" for name, value in measured()))


def measured() -> Iterator[tuple[str, int]]:
    """Yield the gauges."""
    jobs = library.jobs()
    active = jobs.active()
    for queue in ("quick", "long"):
        for state in ("queued", "training"):
            count = sum((job.queue, job.state) == (queue, state) for job in active)
            yield f'jobs{{queue="{queue}",state="{state}"}}', count
    yield "refused_total", jobs.refused
    yield "workers_bytes", sum(job.memory for job in active if job.state == "training")
    yield "cache_bytes", sum(entry.size for entry in jobs.store.entries() if not entry.shipped)
    yield "memory_bytes", library.kept_bytes()
    yield "cache_writable", int(jobs.writable)


ROUTES: dict[str, Callable[[Request], PlainTextResponse]] = {"/ready": ready, "/gauges": gauges}

app = st.App(
    "../app.py",
    lifespan=lifespan,
    routes=[Route(path, answer) for path, answer in ROUTES.items()],
    middleware=[Middleware(Guard)],
)
