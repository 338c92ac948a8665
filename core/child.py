"""A process that trains, and the processes that it starts: they begin, answer and end together."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from core.machine import memory_of

ROOT = Path(__file__).parent.parent
TRAINER = "core.trainer"


class Child:
    """`core.trainer` in a process group of its own; started when it is first needed, and again after it has died."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()

    def start(self) -> subprocess.Popen[str]:
        """Return the process, which is started unless it runs.

        Raises:
            OSError: the system starts no process.
        """
        with self._starting:
            if self.process is None or self.process.poll() is not None:
                self.close_pipes()
                self.process = subprocess.Popen(
                    [sys.executable, "-m", TRAINER, str(self.workers)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                    env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
                    start_new_session=True,
                )
            return self.process

    def answer(self, process: subprocess.Popen[str], request: dict[str, Any]) -> str | None:
        """Have a process train what a request says; return what went wrong, or an empty string; None: it has died."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return str(json.loads(process.stdout.readline())["error"])
        except (OSError, ValueError, KeyError, TypeError):  # it ended before its answer, or in the middle of it
            end(process)
            return None

    def kill(self) -> None:
        """End the process and its workers, so that no later job is given to it."""
        if self.process is not None and self.process.poll() is None:
            end(self.process)

    def close_pipes(self) -> None:
        """Close what is open towards a process that has ended."""
        for pipe in (self.process.stdin, self.process.stdout) if self.process is not None else ():
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def memory(self) -> int:
        """Return the bytes that the process and its workers hold."""
        return memory_of(self.process.pid) if self.process is not None and self.process.poll() is None else 0


def end(process: subprocess.Popen[str]) -> None:
    """Kill a process and its workers and take note of their ends.

    Where the app is a container's first process, the workers of a dead child become the app's own, and nobody else
    takes note of them: each would stay as a zombie until no process can be started any more.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its workers live on if only the child has died
    process.wait()
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-process.pid, 0)
