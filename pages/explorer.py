"""The door to the Explorer for a visit that begins there; `pages/kinks.py` says why there is one."""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"), run_name="__main__")
