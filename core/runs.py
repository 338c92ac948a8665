"""Trainings for scripts and notebooks: by a preset's name or a link to their tables and their playing figures.

::

    import core

    run = core.load("explorer/digits", width=32)
    run.tables["plane"].groupby("alpha")["test_error"].mean()
    run.figure("kinks")  # plays where a notebook draws it
    run.save("explorer.html")
"""

from __future__ import annotations

import html
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from core import pinned
from core.datasets import Source
from core.experiment import Experiment, digest, to_json
from core.field import declared
from core.part import Lesson, Part, Scene, Shown
from core.presets import command_line
from core.store import DamagedError, Store, decode
from core.study import from_json, page_of, parts, presets, study_of
from core.tables import described
from core.trajectory import Trajectory
from core.values import ExperimentError
from core.view import COMPARED, View, from_query, leads_to

if TYPE_CHECKING:
    from core.figure.figure import Figure

FRAME = """<iframe srcdoc="{}" style="width:100%;height:{}px;border:0" allow="fullscreen"></iframe>"""
EXPERIMENT, LONGEST = "experiment.json", 100_000
"""The file in an exported zip that says what was trained, and its most bytes."""
TALL, SHORT = 1040, 560
"""Pixels of a figure in a notebook, of several charts and of one."""


class Tables(Mapping[str, pd.DataFrame]):
    """Tables by name, each made when it is first asked for.

    Its `attrs` hold the experiment as JSON, and the unit and the meaning of every column.
    """

    def __init__(self, rows: Mapping[str, Callable[[], pd.DataFrame]], experiment: Experiment) -> None:
        self._rows, self._experiment, self._made = rows, experiment, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._rows:
            raise KeyError(f"table: one of {', '.join(self._rows)}; got {name!r}.")
        if name not in self._made:
            self._made[name] = described(self._rows[name](), self._experiment)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True, eq=False)
class Run:
    """A view of a training, with everything that was recorded of it."""

    part: Part[Any]
    view: View
    shown: Mapping[Experiment, Shown[Any]]
    """What is trained of all that the view shows."""
    made: Scene | None = None
    """The charts, where they are made already."""
    lesson: Lesson[Any] | None = None
    """What there is to see in it, where it is shown for that."""

    @property
    def experiment(self) -> Experiment:
        """Everything that the training depends on."""
        found: Experiment = self.view.experiment
        return found

    @property
    def trajectory(self) -> Trajectory:
        """What was recorded, as read-only arrays with named axes.

        Raises:
            ExperimentError: the view is of theory alone.
        """
        if self.experiment not in self.shown:
            raise ExperimentError("trajectory", "of a view that trains something", self.part.title)
        found: Trajectory = self.shown[self.experiment].trajectory
        return found

    @cached_property
    def tables(self) -> Tables:
        """The tables of the page's exports where it has one of the name, else those of the command line."""
        rows: dict[str, Callable[[], pd.DataFrame]] = {}
        if self.experiment in self.shown:
            shown = self.shown[self.experiment]
            rows = {name: partial(shown.table, name) for name in study_of(self.experiment).tables()}
        own = pinned.of_own(self.part, self.view, self._drawn)
        more = {**self.part.more_tables(self.view, own), **pinned.tables(self.part, self.view, self._drawn)}
        rows |= {name: table for name, (_, table) in more.items()}
        return Tables(rows, self.experiment)

    @property
    def _drawn(self) -> Sequence[Shown[Any] | None]:
        return [self.shown.get(experiment) for experiment in pinned.needs(self.part, self.view)]

    @cached_property
    def scene(self) -> Scene:
        """The charts, and what is said above them."""
        return self.made or pinned.scene(self.part, replace(self.view, step=None), self._drawn)

    @property
    def title(self) -> str:
        """The lesson's name, or the preset's, if it is one, and the part's."""
        preset = self.part.preset_of(self.view)
        titles = [self.part.presets[preset].title] if preset else []
        titles = [self.lesson.title] if self.lesson else titles
        return " · ".join(dict.fromkeys((*titles, self.part.title)))

    @property
    def command(self) -> str:
        """The command that makes it again."""
        return command_line(self.experiment) if self.experiment in self.shown else ""

    def charts(self, name: str | None = None) -> Mapping[str, Figure]:
        """Return all charts, or the one of a name.

        Raises:
            ExperimentError: there is none of that name.
        """
        figures = self.scene.figures
        if name is not None and name not in figures:
            raise ExperimentError("chart", f"one of {', '.join(figures)}", name)
        return figures if name is None else {name: figures[name]}

    def figure(self, chart: str | None = None) -> Playing:
        """Return the playing charts, or one of them, for a notebook to draw."""
        return Playing(self, tuple(self.charts(chart)))

    def to_xarray(self) -> Any:
        """Return the recorded arrays as an `xarray.Dataset`; needs the package xarray.

        Its dimensions are the axes of the trajectory, with the recorded `step` along `snapshot`.
        """
        try:
            import xarray
        except ImportError:
            raise ImportError("to_xarray: needs the package xarray; pip install xarray.") from None
        found = self.trajectory
        arrays = {name: (axes, found[name]) for name, axes in found.axes.items() if name != "step"}
        coordinates = {"step": ("snapshot", found.steps)}
        return xarray.Dataset(arrays, coords=coordinates, attrs={"experiment": to_json(self.experiment)})

    def save(self, path: str | Path, *, chart: str | None = None, table: str | None = None, **how: Any) -> Path:
        """Write a file of the kind that its name ends with.

        `.html` is a page that plays, with nothing to load; `.gif` and `.apng` are animations, `.png`, `.svg` and
        `.pdf` pictures of one chart at the view's step; `.csv`, `.parquet` and `.tex` are one table. A chart or a table
        need not be named where there is one. What goes into `how` is said in `core.export.files.save`.

        Raises:
            ExperimentError: another kind of file, chart or table, or a range that is not the run's.
        """
        from core.export.files import save

        return save(self, Path(path), chart=chart, table=table, **how)


@dataclass(frozen=True, eq=False)
class Playing:
    """Charts of a run that play by themselves where HTML is drawn, in Jupyter say."""

    run: Run
    charts: tuple[str, ...]

    def html(self) -> str:
        """Return them as one page that loads nothing."""
        from core.export.page import page

        return page(self.run, self.charts)

    def _repr_html_(self) -> str:
        height = SHORT if len(self.charts) == 1 else TALL
        return FRAME.format(html.escape(self.html()), height)


def load(
    what: str,
    /,
    *,
    cache: str | Path | None = None,
    data_dir: str | Path | None = None,
    workers: int | None = None,
    **settings: Any,
) -> Run:
    """Return a training from the store, or train it and store it.

    Args:
        what: a preset's name, a link to a page, a zip that a page has exported, or the digest of a stored training.
        cache: the folder of trained snapshots; by default TRAINSCOPE_CACHE, else `cache/local`.
        data_dir: where the MNIST and CIFAR-10 files lie; by default TRAINSCOPE_DATA.
        workers: processes; by default one a core.
        settings: fields of the experiment or of the view that are to have other values.

    Raises:
        ExperimentError: no such preset, field or value, or a link with a field that cannot be used.
        DataError: data files are needed that are not there.
    """
    store = Store.default(Path(cache) if cache is not None else None)
    source = Source.named(data_dir, store.uploads)
    return loaded(what, settings, store, trainer(store, source, workers))


def trainer(store: Store, source: Source, workers: int | None = None) -> Callable[[Experiment], Trajectory]:
    """Return what trains an experiment in this process and its workers."""

    def train(experiment: Experiment) -> Trajectory:
        from core.sweeps import train  # joblib takes a second

        return train(experiment, source=source, workers=workers, store=store)

    return train


def loaded(what: str, settings: Mapping[str, Any], store: Store, train: Callable[[Experiment], Trajectory]) -> Run:
    """Return the run that `load` describes, trained by `train` where the store does not have it."""
    part, view = _found(what, store)
    return viewed(part, view.changed(_read(view, settings)) if settings else view, store, train)


def viewed(
    part: Part[Any],
    view: View,
    store: Store,
    train: Callable[[Experiment], Trajectory],
    lesson: Lesson[Any] | None = None,
) -> Run:
    """Return the run of a view, with what it needs from the store, or trained by `train` and stored."""
    return Run(part, view, _shown(part, view, store, train), lesson=lesson)


def _read(view: View, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as values: text is read as the command line reads it."""
    known = {**declared(type(view.experiment)), **declared(type(view))}
    fields = {name: field for name, field in known.items() if name not in view.unlinked}
    found = {}
    for name, value in settings.items():
        if name in COMPARED.values():
            found[name] = str(value)
            continue
        if name not in fields:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(fields)}", value)
        value = fields[name].read(name, value) if isinstance(value, str) else value
        found[name] = fields[name].check(name, value)
    return found


def named(preset: str, settings: Mapping[str, Any] | None = None) -> tuple[Part[Any], View]:
    """Return the part that shows a preset, and its view with some other settings."""
    part, view = _of(presets()[preset].experiment)
    return part, view.changed(settings) if settings else view


def _found(what: str, store: Store) -> tuple[Part[Any], View]:
    """Return the part and the view that a name, a link or a digest means."""
    if what in presets():
        return _of(presets()[what].experiment)
    if "?" in what:
        link = urllib.parse.urlsplit(what)
        query = dict(urllib.parse.parse_qsl(link.query, keep_blank_values=True))
        page = link.path.rstrip("/").rpartition("/")[2]
        for part in sorted(parts().values(), key=lambda part: page_of(part) != page):  # a link may name no part
            if leads_to(part.view, query):
                view, said = from_query(part.view, query)
                if said:
                    raise ExperimentError("link", "one whose every field can be used", said[0])
                return part, view
    if what.endswith(".zip"):
        return _of(_exported(Path(what)))
    stored = [entry.path for entry in store.entries() if what and entry.path.stem.endswith(f"-{what}")]
    if stored:
        try:
            return _of(decode(stored[0].read_bytes()).experiment)
        except DamagedError as error:
            raise ExperimentError("load", "a stored training that is whole", f"{what}: {error}") from None
    allowed = (
        "a preset's name, as `python -m core list` prints them, a link to a page, an exported zip, a stored digest"
    )
    raise ExperimentError("load", allowed, what)


def _exported(path: Path) -> Experiment:
    """Return the experiment of a zip that a page has exported; nothing else in it is read.

    Raises:
        ExperimentError: it is no such zip, or of another schema.
    """
    allowed = f"a zip that a page has exported, with an {EXPERIMENT} of at most {LONGEST:,} bytes"
    try:
        with zipfile.ZipFile(path) as archive, archive.open(EXPERIMENT) as file:
            content = file.read(LONGEST + 1)  # whatever length the zip claims
        if len(content) > LONGEST:
            raise ExperimentError("load", allowed, path.name)
        return from_json(content.decode())
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, UnicodeError):
        raise ExperimentError("load", allowed, path.name) from None


def _of(experiment: Experiment) -> tuple[Part[Any], View]:
    late = study_of(experiment).part  # this one alone: to import all parts takes seconds
    assert late is not None
    part: Part[Any] = late()
    return part, part.view().with_preset(experiment)


def _shown(
    part: Part[Any], view: View, store: Store, train: Callable[[Experiment], Trajectory]
) -> Mapping[Experiment, Shown[Any]]:
    """Return what a view draws, from the store, or trained and stored."""
    found: dict[Experiment, Shown[Any]] = {}

    def take(trajectory: Trajectory) -> None:
        found[trajectory.experiment] = Shown(trajectory, digest(trajectory.experiment))

    for experiment in pinned.needs(part, view):
        if (stored := store.load(experiment)[0]) is not None:
            take(stored)
    while lacking := tuple(part.lacks(view, found.__contains__).values()):
        trained = train(view.experiment if view.experiment in lacking else lacking[0])  # it may hold the others
        store.save(trained)
        take(trained)
    return found
