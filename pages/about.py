"""The door to the About page for a visit that begins there.

Until `app.py` has run once, a fresh Streamlit server takes `/about` for a page of its older kind, which is a file of
that name in this folder, and would show it without `app.py`. So the file of that name is `app.py` by another door;
from then on the server knows the pages by themselves, in the folder beside this file.
"""

import runpy
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "app.py"), run_name="__main__")
