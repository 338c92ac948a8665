"""Visitors of a hosted app, as their connections are: real WebSocket sessions with a server that runs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from core.studies.explorer.experiment import Explorer
from core.studies.explorer.view import ExplorerView
from core.view import to_query

ROOT = Path(__file__).parents[2]
STARTUP_SECONDS = 180
ANSWER_SECONDS = 120


class Session:
    """One visitor's connection, and what the server has drawn for it."""

    def __init__(self, connection: websockets.ClientConnection, port: int) -> None:
        self.connection = connection
        self.port = port
        self.name = ""
        self.address: tuple[str, str] = ("", "")
        self.exceptions: list[str] = []
        self.components: list[str] = []
        self.uploads: list[str] = []
        self.buttons: dict[str, str] = {}
        """Of the last run: what is on a button, and its id."""
        self.choices: dict[str, str] = {}
        """By the label of a box with choices, its id."""
        self.training = False
        """Whether the last run has drawn the progress of a training."""

    async def run(
        self,
        query: Mapping[str, str] | str | None = None,
        page: str = "",
        *,
        moved: bool = True,
        widgets: Sequence[WidgetState] = (),
    ) -> float:
        """Ask for a run of the script, by a link if one is given, and return the seconds until it has ended.

        Without a link the address stays what it was.
        """
        if query is not None:
            self.address = query if isinstance(query, str) else urlencode(query), page
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string, state.page_name = self.address
        state.is_history_navigation = moved
        state.widget_states.widgets.extend(widgets)
        began = time.perf_counter()
        self.buttons, self.training = {}, False
        await self.connection.send(asked.SerializeToString())
        while True:
            said = await self._said()
            if said.WhichOneof("type") == "script_finished" and said.script_finished == 0:
                return time.perf_counter() - began

    async def upload(self, name: str, content: bytes) -> WidgetState:
        """Send a file as the last upload of the page would, and return what that widget then says."""
        asked = BackMsg()
        asked.file_urls_request.CopyFrom(FileURLsRequest(request_id="1", file_names=[name], session_id=self.name))
        await self.connection.send(asked.SerializeToString())
        while (said := await self._said()).WhichOneof("type") != "file_urls_response":
            pass
        urls = said.file_urls_response.file_urls[0]
        await asyncio.to_thread(self._put, urls.upload_url, name, content)
        state = WidgetState(id=self.uploads[-1])
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.name, file.size, file.file_id = name, len(content), urls.file_id
        file.file_urls.CopyFrom(urls)
        return state

    def _put(self, path: str, name: str, content: bytes) -> None:
        here = f"http://127.0.0.1:{self.port}"
        request = urllib.request.Request(f"{here}{path}", data=_form(name, content), method="PUT")
        request.add_header("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
        with urllib.request.urlopen(f"{here}/_stcore/health", timeout=ANSWER_SECONDS) as answer:
            cookie = answer.headers.get("Set-Cookie", "").split(";")[0]
        request.add_header("Cookie", cookie)
        request.add_header("X-Xsrftoken", cookie.partition("=")[2].strip('"'))
        urllib.request.urlopen(request, timeout=ANSWER_SECONDS).close()

    async def _said(self) -> ForwardMsg:
        said = ForwardMsg()
        async with asyncio.timeout(ANSWER_SECONDS):
            said.ParseFromString(await self.connection.recv())  # type: ignore[arg-type]
        if said.WhichOneof("type") == "delta":
            self._note(said.delta.new_element)
        if said.WhichOneof("type") == "new_session":
            self.name = said.new_session.initialize.session_id
        return said

    def _note(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.exceptions.append(element.exception.message)
        elif kind == "bidi_component":
            self.components.append(element.bidi_component.id)
        elif kind == "file_uploader":
            self.uploads.append(element.file_uploader.id)
        elif kind == "button":
            self.buttons[element.button.label] = element.button.id
        elif kind == "selectbox":
            self.choices[element.selectbox.label] = element.selectbox.id
        elif kind == "progress":
            self.training = True


BOUNDARY = "trainscope-benchmark"


def _form(name: str, content: bytes) -> bytes:
    quoted = name.replace('"', "%22")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


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
            yield Session(connection, self.port)

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
