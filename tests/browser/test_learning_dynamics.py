"""The Learning dynamics page in a real browser: its five parts on the snapshots that ship, and small ones of its own.

What is trained here is small. Whether theory is on screen before that is seen by the page itself, frame by frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from core import frames
from core.charts.basin_drops import TRACKS
from core.experiments import Depths, Modes, Starvation, Strengths
from core.experiments.modes import MODES as CLASSES
from core.frames import to_csv
from core.presets import BASIN, DEPTH, MODES, MOONS, SHADES, STARVATION, STRENGTHS, Preset
from core.store import Store
