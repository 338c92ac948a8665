"""The process that trains for the app: it takes experiments from its standard input, one JSON line each.

`core.jobs` starts it, and writes the requests; how far a training run is lies in the folder that a request names.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from core.datasets import Source
from core.limits import limits
from core.machine import yield_to_others
from core.store import Store
from core.study import from_json
from core.sweeps import train


def serve(workers: int) -> None:
    """Train what standard input asks for, one JSON line each, and answer each with a line; end when the input does."""
    yield_to_others(limits().nice)
    requests: SimpleQueue[str] = SimpleQueue()
    answers = os.fdopen(os.dup(1), "w")  # its own, for workers inherit standard output and would hold it open
    os.dup2(2, 1)

    def listen() -> None:
        for line in sys.stdin:
            requests.put(line)
        os.killpg(0, signal.SIGKILL)  # the app is gone: nobody waits for what is in training

    threading.Thread(target=listen, daemon=True).start()
    if workers == 1:
        import core.training  # noqa: F401  (pay for torch before the first request, and for compiling after an install)
        from core.engine import cpu, events

        cpu.prepare()
        events.prepare()
    while True:
        answer = _answer(json.loads(requests.get()), workers)
        answers.write(json.dumps({"error": answer}) + "\n")
        answers.flush()


def _answer(request: dict[str, Any], workers: int) -> str:
    """Train what a request asks for and save it; return what went wrong, or an empty string."""
    source = Source(**{name: Path(path) if path else None for name, path in request["source"].items()})
    store = Store(Path(request["store"]), bound=request["bound"])
    try:
        trajectory = train(
            from_json(request["experiment"]),
            source=source,
            device=request["device"],
            workers=workers,
            folder=Path(request["folder"]),
            partials=True,
            store=store,
        )
        store.save(trajectory)
    except OSError as error:  # without the name of the file, which is the host's own
        return f"A file of the training could not be written or read ({error.strerror or type(error).__name__})."
    except (ValueError, RuntimeError, MemoryError) as error:
        return str(error) or type(error).__name__
    return ""


if __name__ == "__main__":
    serve(int(sys.argv[1]))
