"""Stands for `core.trainer` in tests of jobs: what a request does, its experiment's width says."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from queue import SimpleQueue

ENDS, SLEEPS, DIES, GROWS, WORKERS, BABBLES = range(1, 7)


def act(width: int) -> str:
    if width == DIES:
        os._exit(1)
    if width == BABBLES:
        return "no JSON"
    held = bytearray(300_000_000) if width == GROWS else b""
    if width == WORKERS:
        for _ in range(2):
            subprocess.Popen(["sleep", "600"])
    while width in (SLEEPS, GROWS, WORKERS):
        time.sleep(1)
    return json.dumps({"error": "" if not held else "grew"})


def serve() -> None:
    requests: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            requests.put(line)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        print(act(json.loads(json.loads(requests.get())["experiment"])["width"]), flush=True)


if __name__ == "__main__":
    serve()
