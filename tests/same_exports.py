"""Compare the files that `python -m core train` writes of every shipped preset with those of another checkout.

    python tests/same_exports.py OTHER [--data-dir DIR]

OTHER is a checkout of this project, say of the commit before a change. Prints the files that differ, and exits with 1
if any does.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from core.study import presets  # noqa: E402


def exports(checkout: Path, preset: str, data_dir: str) -> dict[str, str]:
    """Return the SHA-256 of every file that a preset's training writes, by name."""
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as cache:
        command = [
            sys.executable,
            "-m",
            "core",
            "train",
            preset,
            "--out",
            out,
            "--cache",
            cache,
            "--data-dir",
            data_dir,
        ]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True)
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(out).iterdir())}


def main() -> int:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("--data-dir", default=".")
    options = parser.parse_args()
    files, differing = 0, []
    for name in (name for name, preset in presets().items() if preset.shipped):
        here, there = (exports(checkout, name, options.data_dir) for checkout in (ROOT, options.other))
        files += len(here)
        print(f"{name}: {len(here)} files", flush=True)
        differing += [
            f"{name}/{file}" for file in sorted(here.keys() | there.keys()) if here.get(file) != there.get(file)
        ]
    print("\n".join([*differing, f"{len(differing)} of {files} files differ"]))
    return int(bool(differing))


if __name__ == "__main__":
    sys.exit(main())
