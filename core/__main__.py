"""The command line: `python -m core list | columns | train | open | figure | site | claims | precompute | ...`.

Users script against it, so it stays stable.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from core.atomic import write
from core.cluster import ClusterError, LostError, connected
from core.columns import columns
from core.datasets import DataError, Source, content_of, described, download, register, warned
from core.experiment import NO_TABLE, Experiment, with_settings
from core.field import declared
from core.limits import table as limits
from core.progress_bar import bar
from core.recorded.opened import file_bytes
from core.store import Store
from core.study import Preset, opened, presets
from core.sweeps import chosen_device, train
from core.tables import Form, files
from core.trajectory import Trajectory
from core.values import ExperimentError, as_text, parse_bytes

KEPT = "shards that had ended are kept, and the same command continues from them"


class UsageError(ValueError):
    """One clear line: what is allowed, what came."""


class ClaimsError(RuntimeError):
    """A claim's verdict is not the one that its test states."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0, 1 if workers were lost, 2 for a wrong request, 130 if interrupted."""
    options = _parser().parse_args(arguments)
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, _terminated)
    try:
        if getattr(options, "scheduler", None) and options.backend != "dask":
            raise UsageError("--scheduler: with --backend dask; without it training is on this machine alone.")
        options.run(options)
    except (UsageError, ClusterError, ExperimentError, DataError, OSError) as error:
        print(f"core: {error}", file=sys.stderr)
        return 2
    except (LostError, ClaimsError) as error:
        print(f"core: {error}{f'; {KEPT}' if isinstance(error, LostError) else ''}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"core: interrupted; no table was written, {KEPT}", file=sys.stderr)
        return 130
    return 0


def _terminated(*_: object) -> None:
    """End as Ctrl-C does, also where a shell has the process ignore Ctrl-C, as it does with one in the background."""
    raise KeyboardInterrupt


def run_list(_: argparse.Namespace) -> None:
    """Print the presets, one a line, name first."""
    for name, preset in presets().items():
        print(f"{name:28} {preset.title}: {preset.sentence}")


def run_columns(options: argparse.Namespace) -> None:
    """Print what every column means, with its unit, or those whose name has a word in it."""
    for name, (unit, text) in columns().items():
        if options.word in name:
            print(f"{name:28} {f'[{unit}] ' if unit else ''}{text}")


def print_settings(name: str) -> None:
    """Print the fields that `--set` takes for a preset: what is allowed, what the preset has, what it means."""
    experiment = _preset(name).experiment
    for field, declaration in declared(type(experiment)).items():
        print(f"  {field:16} {declaration.allowed}; {as_text(getattr(experiment, field)) or 'none'} in {name}")
        for text in (declaration.label, declaration.help):
            if text:
                print(f"{'':19}{text}")


def run_train(options: argparse.Namespace) -> None:
    """Train a preset, or load it, and write its tables."""
    if options.help:
        options.parser.print_help()
        if options.preset is not None:
            print(f"\n--set FIELD=VALUE, the fields of {options.preset}:")
            print_settings(options.preset)
        return
    if options.preset is None:
        raise UsageError(f"preset: one of {', '.join(presets())}; none was named.")
    store = Store.default(options.cache)
    source = Source.named(options.data_dir, store.uploads)
    experiment = _experiment(options, store)
    _check_folder("--out", options.out)
    _check_folder("--cache", store.folder)
    trajectory = _trained(experiment, source, store, options)
    if options.out is not None:
        write_tables(trajectory, options.out, options.format)


def run_open(options: argparse.Namespace) -> None:
    """Check a file of somebody's own training, say what it holds, and write its tables."""
    _check_folder("--out", options.out)
    _check_folder("--cache", options.cache)
    store = Store.default(options.cache)
    experiment, said = opened(file_bytes(options.file), store.uploads)
    print("\n".join(said))
    trajectory = _trained(experiment, Source.named(options.data_dir, store.uploads), store, options)
    if options.out is not None:
        write_tables(trajectory, options.out, options.format)


def run_figure(options: argparse.Namespace) -> None:
    """Write a preset's page, an animation, a picture or a table, by the ending of the file's name."""
    from core.export.files import ANIMATION, ANIMATIONS, PAGE, checked, save
    from core.runs import loaded

    store = Store.default(options.cache)
    _check_folder("--out", options.out.parent)
    source = Source.named(options.data_dir, store.uploads)
    how = {name: value for name in (*PAGE, *ANIMATION) if (value := getattr(options, name)) is not None}
    checked(options.out, how)
    own = dict(_settings(options))
    run = loaded(options.what, own, store, lambda experiment: _train(experiment, source, store, options))
    if options.out.suffix in ANIMATIONS:
        how["report"] = _drawn
    save(run, options.out, chart=options.chart, table=options.table, **how)


def _drawn(done: int, of: int) -> None:
    """Say on standard error how many frames are drawn."""
    print(f"\r{'█' * (20 * done // of):░<20} {done}/{of} frames", end="\n" if done == of else "", file=sys.stderr)


def run_site(options: argparse.Namespace) -> None:
    """Write a page of every shipped preset, and an index of them."""
    from core.export.site import build

    _check_folder("--out", options.out)
    report = functools.partial(print, file=sys.stderr)
    build(options.out, cache=options.cache, app_url=options.app_url, report=report)


def run_claims(options: argparse.Namespace) -> None:
    """Measure every claim again by the tests of the repository, and write tests/CLAIMS.md."""
    root = Path(__file__).parents[1]
    if not (root / "tests" / "claims.py").exists():
        raise UsageError("claims: in a checkout of the repository; its tests are not here.")
    command = [sys.executable, "-m", "pytest", "tests/core", "tests/test_shipped.py"]
    command.append("--fresh-seeds" if options.fresh_seeds else "--write-claims=all")
    data = {"TRAINSCOPE_DATA": str(options.data_dir.absolute())} if options.data_dir is not None else {}
    code = subprocess.run(command, cwd=root, env=os.environ | data, check=False).returncode
    if code == 2:
        raise KeyboardInterrupt
    if code:
        raise ClaimsError("claims: some tests failed; their lines above say which, and why.")


def run_precompute(options: argparse.Namespace) -> None:
    """Train and save every shipped preset that is not there yet."""
    store = Store.default(options.cache)
    source = Source.named(options.data_dir, store.uploads)
    for name, preset in presets().items():
        if preset.shipped and (options.again or not store.paths(preset.experiment)[0].exists()):
            print(name, file=sys.stderr)
            path = store.save(_train(preset.experiment, source, store, options), ship=True)
            print(f"{path} {path.stat().st_size / 1e6:.1f} MB")


def run_download(options: argparse.Namespace) -> None:
    """Fetch the files of a data set from OpenML: the one command that uses the network."""
    if options.data_dir is None:
        raise UsageError("--data-dir: the folder to download into.")
    download(options.files, options.data_dir)


def run_cache(options: argparse.Namespace) -> None:
    """List what is stored, or delete the least recently used down to a size."""
    store = Store.default(options.cache)
    if options.prune is not None:
        for path in store.prune(parse_bytes("--prune", options.prune)):
            print(f"deleted {path}")
        return
    for entry in store.entries():
        kind = "shipped" if entry.shipped else "local" if entry.path.parent == store.folder else "shard"
        print(f"{entry.size / 1e6:8.2f} MB  {kind:7}  {entry.path}")


def write_tables(trajectory: Trajectory, folder: Path, form: Form = "csv") -> None:
    """Write one file a table and `experiment.json` under `folder`, each whole or not at all."""
    for name, content in files(trajectory, form):
        write(folder / name, content)


def _preset(name: str) -> Preset[Experiment]:
    if name not in presets():
        raise UsageError(f"preset: one of {', '.join(presets())}; got {name!r}.")
    return presets()[name]


def _settings(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for text in options.set:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--set: FIELD=VALUE; got {text!r}.")
        yield name, value


def _experiment(options: argparse.Namespace, store: Store) -> Experiment:
    settings = dict(_settings(options))
    experiment = _preset(options.preset).experiment
    path = Path(settings.pop("path")) if "path" in settings else options.csv
    if path is not None:
        if not hasattr(experiment, "with_table"):
            raise UsageError(f"--csv: with a preset of the explorer or of complexity; got {options.preset}.")
        digest, form = register(content_of(path), store.uploads)
        for sentence in warned(described(digest, store.uploads), form):
            print(f"{path.name}: {sentence}", file=sys.stderr)
        experiment = experiment.with_table(digest)
    elif getattr(experiment, "csv_digest", "") == NO_TABLE:
        raise UsageError(f"path: {options.preset} takes your own table, --set path=FILE; none was named.")
    return with_settings(experiment, settings)


def _check_folder(option: str, folder: Path | None) -> None:
    """Find out before minutes of training whether the folder is one, or can be made."""
    if folder is not None:
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        if not there.is_dir() or not os.access(there, os.W_OK):
            raise UsageError(f"{option}: a folder that can be written; got {str(folder)!r}.")


def _trained(experiment: Experiment, source: Source, store: Store, options: argparse.Namespace) -> Trajectory:
    """Return what the store has, else train and store it."""
    trajectory, said = store.load(experiment)
    if said:
        print(f"core: {said}", file=sys.stderr)
    if trajectory is None:
        trajectory = _train(experiment, source, store, options)
        store.save(trajectory)
    return trajectory


def _train(experiment: Experiment, source: Source, store: Store, options: argparse.Namespace) -> Trajectory:
    """Train with a progress bar on standard error."""
    if options.device == "cuda" and chosen_device("auto") != "cuda":
        raise UsageError("--device: cuda needs an NVIDIA GPU and a torch built for it; auto and cpu work here.")
    with (
        tempfile.TemporaryDirectory() as name,
        connected(options.scheduler) if options.backend == "dask" else contextlib.nullcontext(),
        bar(experiment, Path(name), chosen_device(options.device)),
    ):
        try:
            return train(
                experiment,
                source=source,
                device=options.device,
                backend=options.backend,
                folder=Path(name),
                store=store,
                report=lambda sentence: print(f"\r{sentence:70}", file=sys.stderr),
            )
        except BrokenProcessPool:
            raise LostError("a worker process ended unexpectedly (it may have run out of memory)") from None


class _Parser(argparse.ArgumentParser):
    """argparse prints a usage block before its error; a script's reader wants the one line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(2, f"core: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m core", description="Trainscope without a browser.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: object, text: str, *, add_help: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, add_help=add_help)
        added.set_defaults(run=run)
        added.add_argument("--cache", type=Path, metavar="DIR", help="the folder of trained snapshots")
        return added

    def trains(added: argparse.ArgumentParser) -> None:
        added.add_argument("--data-dir", type=Path, metavar="DIR", help="where the MNIST and CIFAR-10 files lie")
        added.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
        added.add_argument("--backend", choices=("loky", "dask"), default="loky")
        added.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster")

    def writes(added: argparse.ArgumentParser) -> None:
        added.add_argument("--out", type=Path, metavar="DIR", help="where tables and experiment.json go")
        added.add_argument("--format", choices=("csv", "parquet"), default="csv", help="of the tables")

    command("list", run_list, "print the presets")
    columns = command("columns", run_columns, "print what the columns of all tables mean")
    columns.add_argument("word", metavar="WORD", nargs="?", default="", help="only names with this in them")
    train_command = command("train", run_train, "train a preset (or load it) and write its tables", add_help=False)
    train_command.set_defaults(parser=train_command)
    train_command.add_argument("preset", metavar="PRESET", nargs="?")
    train_command.add_argument("-h", "--help", action="store_true", help="with a PRESET: its fields, too")
    train_command.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    train_command.add_argument("--csv", type=Path, metavar="FILE", help="train on your own table")
    writes(train_command)
    trains(train_command)
    opens = command("open", run_open, "check a recording of your own training and write what it says as tables")
    opens.add_argument("file", type=Path, metavar="FILE", help="of core.record.Recorder; or an npz, CSV or Parquet")
    writes(opens)
    trains(opens)
    figure = command("figure", run_figure, "write a page that plays, an animation, a picture or a table")
    figure.add_argument("what", metavar="PRESET", help="or a link to a page, or the digest of a stored training")
    figure.add_argument("--out", type=Path, metavar="FILE", required=True, help="ends with the kind of file: .html ...")
    figure.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE")
    figure.add_argument("--chart", metavar="NAME", help="one chart; a page and an animation show all by default")
    figure.add_argument("--table", metavar="NAME", help="the table, if that is not the file's name")
    figure.add_argument("--app-url", metavar="URL", help="where the app runs that a page links to")
    figure.add_argument("--from", type=int, metavar="STEP", dest="first", help="where an animation begins")
    figure.add_argument("--to", type=int, metavar="STEP", dest="last", help="where it ends")
    figure.add_argument("--fps", type=float, metavar="N", help="its frames a second")
    figure.add_argument("--width", type=int, metavar="N", help="pixels of an animation, millimetres of a picture")
    figure.add_argument("--theme", choices=("light", "dark"), help="of an animation")
    trains(figure)
    site = command("site", run_site, "write a site of all shipped presets that needs no server")
    site.add_argument("--out", type=Path, metavar="DIR", required=True)
    site.add_argument("--app-url", metavar="URL", default="", help="where the app runs that its pages link to")
    precompute = command("precompute", run_precompute, "train the shipped snapshots that are missing")
    precompute.add_argument("--again", action="store_true", help="also those that are there")
    trains(precompute)
    claims = command("claims", run_claims, "measure the claims of the papers again and write tests/CLAIMS.md")
    claims.add_argument("--fresh-seeds", action="store_true", help="on other seeds, written beside the fixed ones")
    claims.add_argument("--data-dir", type=Path, metavar="DIR", help="where the MNIST and CIFAR-10 files lie")
    fetch = command("download", run_download, "fetch MNIST or CIFAR-10 from OpenML")
    fetch.add_argument("files", choices=("mnist", "cifar10"))
    fetch.add_argument("--data-dir", type=Path, metavar="DIR", help="the folder to download into")
    command("cache", run_cache, "list or prune the stored snapshots").add_argument("--prune", metavar="SIZE")
    command("limits", lambda _: print(*limits(), sep="\n"), "print what a host allows, and the variables that set it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
