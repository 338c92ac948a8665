"""The command line: what it writes, what it says, and that a refusal writes nothing."""

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core import __main__ as command
from core.__main__ import main
from core.columns import columns
from core.field import declared
from core.store import Store
from core.studies.depths.experiment import Depths
from core.studies.explorer.experiment import Explorer
from core.study import Preset, from_json, presets, studies
from core.values import parse_bytes

ROOT = Path(__file__).parents[2]
TINY = ["n_train=48", "width=8", "step_limit=60", "alphas=0.5,64", "temperatures=2^-5,2^-3", "batch_size=4"]
FILES = {"experiment.json", *(f"{name}.csv" for name in studies()["explorer"].tables())}


def settings(*more: str) -> list[str]:
    return [word for text in (*TINY, *more) for word in ("--set", text)]


@pytest.fixture(autouse=True)
def quiet_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has a cache of its own, and pytest its own answer to SIGTERM."""
    monkeypatch.setenv("TRAINSCOPE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("TRAINSCOPE_DATA", raising=False)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


class TestTrain:
    def test_it_writes_the_tables_and_the_second_time_reads_them(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "deep" / "out"
        assert main(["train", "explorer/digits", *settings(), "--out", str(out), "--device", "cpu"]) == 0
        first = files(out)
        assert set(first) == FILES
        experiment = from_json(first["experiment.json"].decode())
        assert experiment == replace(
            Explorer(),
            n_train=48,
            width=8,
            step_limit=60,
            alphas=(0.5, 64.0),
            temperatures=(2.0**-5, 2.0**-3),
            batch_size=4,
        )
        plane = pd.read_csv(io.BytesIO(first["plane.csv"]))
        assert len(plane) == 4
        assert set(plane.columns) <= set(columns())
        assert len(list((tmp_path / "cache").glob("*.npz"))) == 1

        def never(*_: object, **__: object) -> None:
            raise AssertionError("trained again")

        monkeypatch.setattr(command, "train", never)
        again = tmp_path / "again"
        assert main(["train", "explorer/digits", *settings(), "--out", str(again)]) == 0
        assert files(again) == first
        assert main(["train", "explorer/digits", *settings(), "--out", str(again)]) == 0  # over what is there
        assert files(again) == first

    def test_a_second_training_writes_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("a", "b"):
            line = ["train", "explorer/moons", *settings("seeds=3"), "--out", str(tmp_path / name)]
            assert main([*line, "--cache", str(tmp_path / f"cache-{name}")]) == 0
        assert files(tmp_path / "a") == files(tmp_path / "b")

    def test_without_out_it_fills_the_cache(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["train", "explorer/digits", *settings(), "--cache", str(tmp_path / "named")]) == 0
        assert len(list((tmp_path / "named").glob("explorer-*.npz"))) == 1
        assert not (tmp_path / "cache").exists()
        assert capsys.readouterr().out == ""

    def test_a_damaged_snapshot_is_said_and_trained_again(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        line = ["train", "explorer/digits", *settings(), "--out", str(tmp_path / "out")]
        assert main(line) == 0
        first, (stored,) = files(tmp_path / "out"), (tmp_path / "cache").glob("*.npz")
        content = stored.read_bytes()
        stored.write_bytes(content[:-1])
        capsys.readouterr()
        assert main(line) == 0
        assert f"core: The snapshot file {stored.name} was damaged" in capsys.readouterr().err
        assert stored.read_bytes() == content
        assert files(tmp_path / "out") == first

    def test_a_table_of_ones_own(self, tmp_path: Path) -> None:
        table = tmp_path / "mine.csv"
        rows = [f"{x},{x * x},{int(x > 20)}" for x in range(40)]
        table.write_text("\n".join(["a,b,label", *rows]) + "\n")
        line = [
            "train",
            "explorer/digits",
            "--csv",
            str(table),
            *settings("n_train=16"),
            "--out",
            str(tmp_path / "out"),
        ]
        assert main(line) == 0
        experiment = from_json((tmp_path / "out" / "experiment.json").read_text())
        assert experiment.dataset == "csv"
        assert len(pd.read_csv(tmp_path / "out" / "points.csv")) == 16


REFUSED = [
    (["train", "nonsense"], "preset: one of explorer/digits"),
    (["train", "digits"], "preset: "),
    (["train"], "none was named"),
    ([], "COMMAND"),
    (["fly"], "invalid choice"),
    (["train", "explorer/digits", "--set", "wings=2"], "wings: no such field"),
    (["train", "explorer/digits", "--set", "width"], "--set: FIELD=VALUE"),
    (["train", "explorer/digits", "--set", "width=many"], "width: a number"),
    (["train", "explorer/digits", "--set", "width=9999"], "width: a whole number, 1 to 1024"),
    (["train", "explorer/digits", "--set", "alphas=2^9999..2^9998/3"], "alphas: "),
    (["train", "explorer/digits", "--set", "dataset=csv"], "csv_digest: "),
    (["train", "explorer/digits", "--device", "abacus"], "--device"),
    (["train", "explorer/digits", "--backend", "horses"], "--backend"),
    (["train", "explorer/digits", "--csv", "/nowhere/mine.csv"], "csv: mine.csv cannot be read"),
    (["train", "explorer/mnist", *settings()], "MNIST"),
    (["train", "explorer/digits", *settings("n_train=2000")], "n_train: from 8 to 1012"),
    (["cache", "--prune", "lots"], "--prune: a size such as"),
    (["cache", "--prune", "-1"], "--prune"),
    (["cache", "--prune", ""], "--prune: "),
    (["cache", "--prune", "nan"], "--prune: "),
    (["cache", "--wings"], "--wings"),
    (["train", "explorer/digits", "--scheduler", "tcp://localhost:1"], "--scheduler: with --backend dask"),
]


def one_line(text: str) -> str:
    """The one line on standard error; the bar may have been wiped before it."""
    assert text.endswith("\n")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text.rpartition("\r")[2]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_a_refusal_is_one_line_and_writes_nothing(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")] if words[:1] == ["train"] and len(words) > 1 else []
    try:
        code = main([*words, *out])
    except SystemExit as exit_:  # argparse's own
        code = exit_.code  # type: ignore[assignment]
    assert code == 2
    printed = capsys.readouterr()
    line = one_line(printed.err)
    assert line.startswith("core: ")
    assert said in line
    assert printed.out == ""
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.rglob("*.npz"))


@pytest.mark.parametrize("option", ["--out", "--cache"])
@pytest.mark.parametrize("below", ["", "sub/folder"])
def test_a_file_where_a_folder_should_be_is_found_before_training(
    option: str, below: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr(command, "train", lambda *_, **__: pytest.fail("trained"))
    assert main(["train", "explorer/digits", *settings(), option, str(tmp_path / "file" / below)]) == 2
    assert one_line(capsys.readouterr().err).startswith(f"core: {option}: a folder")
    assert (tmp_path / "file").read_text() == "mine"


def test_cuda_where_there_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "chosen_device", lambda _: "cpu")
    assert main(["train", "explorer/digits", *settings(), "--device", "cuda"]) == 2
    assert one_line(capsys.readouterr().err).startswith("core: --device: cuda needs")


def test_two_training_points_at_one_place_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("\n".join(["a,label", *(f"{k % 2},{k % 2}" for k in range(40))]) + "\n")
    words = ["train", "explorer/digits", "--csv", str(table), *settings("n_train=16")]
    refused = [main([*words, "--set", f"line=0,{k}"]) for k in (1, 2, 3)]
    lines = capsys.readouterr().err.split("\n")
    assert 2 in refused
    assert any("core: line: the two points must differ" in line for line in lines)


def test_list_names_each_preset_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(presets())


class TestCache:
    def test_list_and_prune(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for seed in (1, 2):
            assert main(["train", "explorer/digits", *settings(f"seeds={seed}")]) == 0
        capsys.readouterr()
        assert main(["cache"]) == 0
        listed = [line for line in capsys.readouterr().out.splitlines() if " local " in line]
        assert len(listed) == 2
        assert all("MB" in line and str(tmp_path / "cache") in line for line in listed)
        assert main(["cache", "--prune", "1GB"]) == 0
        assert capsys.readouterr().out == ""
        assert main(["cache", "--prune", "0"]) == 0
        gone = capsys.readouterr().out.splitlines()
        assert len(gone) == 2
        assert all(line.startswith("deleted ") for line in gone)
        assert not list((tmp_path / "cache").glob("*.npz"))

    @pytest.mark.parametrize(
        ("text", "size"),
        [("0", 0), ("12", 12), ("3K", 3000), ("3kb", 3000), ("1.5MB", 1_500_000), ("2 GB", 2 * 10**9), ("7B", 7)],
    )
    def test_sizes(self, text: str, size: int) -> None:
        assert parse_bytes("--prune", text) == size


def test_precompute_fills_what_ships_and_only_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Explorer(n_train=48, width=8, step_limit=20, alphas=(1.0,), temperatures=(0.1,), batch_size=4)
    own = {
        "explorer/a": Preset("A", "A.", small),
        "explorer/b": Preset("B", "B.", replace(small, seeds=(1,)), shipped=False),
    }
    store = Store(tmp_path / "local", shipped=tmp_path / "shipped")
    monkeypatch.setattr(command, "presets", lambda: own)
    monkeypatch.setattr(command.Store, "default", classmethod(lambda *_: store))
    assert main(["precompute"]) == 0
    assert [entry.path for entry in store.entries()] == [store.paths(small)[0]]
    assert str(store.paths(small)[0]) in capsys.readouterr().out
    monkeypatch.setattr(command, "train", lambda *_, **__: pytest.fail("trained"))
    assert main(["precompute"]) == 0
    assert capsys.readouterr().out == ""


def descendants(session: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, own = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(own) == session and state != "Z":
                found.append(int(entry.name))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_with_130_and_tears_nothing(tmp_path: Path, sent: signal.Signals) -> None:
    # Two seeds are two shards, so that workers run; SIGINT goes to the whole group as Ctrl-C does. A shell has what it
    # runs in the background ignore SIGINT, and so would the child if these tests were.
    words = ["--set", "alphas=2^-14", "--set", "temperatures=2^-24", "--set", "step_limit=200000", "--set", "seeds=0,1"]
    words += ["--set", "width=512", "--set", "depth=5"]
    cache, out = tmp_path / "cache", tmp_path / "out"
    child = subprocess.Popen(
        [sys.executable, "-m", "core", "train", "explorer/digits", *words, "--out", str(out), "--cache", str(cache)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1", "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_IGN if sent == signal.SIGTERM else signal.SIG_DFL),
    )
    assert child.stderr is not None
    heard = b""
    while b"step 1" not in heard and b"step 2" not in heard and b"step 3" not in heard:
        part = child.stderr.read1(4096)  # type: ignore[attr-defined]
        assert part, heard.decode()
        heard += part
    if sent == signal.SIGINT:
        os.killpg(child.pid, sent)
    else:
        child.send_signal(sent)
    _, rest = child.communicate(timeout=30)
    assert child.returncode == 130
    said = rest.decode()
    assert "core: interrupted" in said
    assert not out.exists()
    assert not list(tmp_path.rglob("*.npz"))
    assert not list(tmp_path.rglob("*.tmp"))
    deadline = time.monotonic() + 10
    while descendants(child.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert descendants(child.pid) == []
    assert "Traceback" not in said.partition("core: interrupted")[2]


SLOW = ["alphas=2^-14,2^-13", "temperatures=2^-24,2^-23", "seeds=0,1,2,3", "width=64", "step_limit=60000"]
"""Four shards that train to the step limit, each in about two seconds."""


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of `SLOW`."""
    folder = tmp_path_factory.mktemp("uninterrupted")
    words = ["train", "explorer/digits", *settings(*SLOW), "--device", "cpu"]
    assert main([*words, "--cache", str(folder / "cache"), "--out", str(folder / "out")]) == 0
    return files(folder / "out")


def started(words: list[str], **environment: str) -> subprocess.Popen[bytes]:
    """A command in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"} | environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def until(done: Callable[[], object], child: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Wait for something to be so while a command runs."""
    deadline = time.monotonic() + seconds
    while not done():
        assert child.poll() is None
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.02)


def end(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@pytest.mark.slow
def test_a_killed_training_goes_on_from_the_shards_that_had_ended(
    tmp_path: Path, uninterrupted: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    cache, out = tmp_path / "cache", tmp_path / "out"
    words = ["train", "explorer/digits", *settings(*SLOW), "--device", "cpu", "--cache", str(cache), "--out", str(out)]
    child = started(["core", *words], TMPDIR=str(tmp_path))
    try:
        until(lambda: list(cache.glob("shards/*/shard-*.npz")), child)
    finally:
        end(child)
    assert not out.exists()
    there = {path: path.stat().st_mtime_ns for path in cache.glob("shards/*/shard-*.npz")}
    assert 1 <= len(there) < 4
    assert main(["cache", "--cache", str(cache)]) == 0
    assert sum(" shard " in line for line in capsys.readouterr().out.splitlines()) == len(there)

    saved: dict[Path, int] = {}
    save = Store.save

    def seen(store: Store, *rest: Any, **more: Any) -> Path:
        saved.update({path: path.stat().st_mtime_ns for path in cache.glob("shards/*/shard-*.npz")})
        return save(store, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "save", seen)
        assert main(words) == 0
    assert f"{len(there)} of 4 shards were found in the cache." in capsys.readouterr().err
    assert len(saved) == 4
    assert {path: saved[path] for path in there} == there
    assert not list(cache.glob("shards/*/*"))
    assert files(out) == uninterrupted


def test_it_runs_as_a_program_and_stays_out_of_torch(tmp_path: Path) -> None:
    code = "import sys, core.__main__ as m; c = m.main(['list']); print('torch' in sys.modules, c, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "False 0"


@pytest.mark.slow
class TestDask:
    def test_a_cluster_gives_the_same_bytes(self, tmp_path: Path) -> None:
        """In a process of its own: a cluster's threads and sockets outlive a test."""
        words = ["train", "explorer/digits", *settings(), "--device", "cpu"]
        dask = ["--backend", "dask", "--cache", str(tmp_path / "dask"), "--out", str(tmp_path / "dask-out")]
        done = run_command([*words, *dask])
        assert done.returncode == 0, done.stderr
        assert main([*words, "--cache", str(tmp_path / "loky"), "--out", str(tmp_path / "loky-out")]) == 0
        assert files(tmp_path / "dask-out") == files(tmp_path / "loky-out") != {}

    def test_a_killed_worker_loses_its_own_shard_only(self, tmp_path: Path, uninterrupted: dict[str, bytes]) -> None:
        """A scheduler and two workers as processes of their own; each worker notes which shards it begins and ends."""
        cache, out, notes = tmp_path / "cache", tmp_path / "out", tmp_path / "notes"
        address, noting = tmp_path / "address.json", tmp_path / "noting.py"
        noting.write_text(NOTING)
        notes.touch()
        own = {"PYTHONPATH": str(ROOT), "NOTES": str(notes)}
        children = [started([*SCHEDULER, "--scheduler-file", str(address)])]
        worker = [*WORKER, "--scheduler-file", str(address), "--local-directory", str(tmp_path)]
        children += [started([*worker, "--preload", str(noting)], **own) for _ in range(2)]
        try:
            until(address.exists, children[0])
            scheduler = json.loads(address.read_text())["address"]
            words = ["train", "explorer/digits", *settings(*SLOW), "--device", "cpu", "--cache", str(cache)]
            words += ["--out", str(out), "--backend", "dask", "--scheduler", scheduler]
            children.append(started(["core", *words]))
            train = children[-1]

            def noted(event: str) -> list[tuple[int, int]]:
                """Numbers of shards that were begun, or that ended, and in which process."""
                lines = [line.split() for line in notes.read_text().splitlines()]
                return [(int(number), int(process)) for what, number, process in lines if what == event]

            def in_training() -> list[tuple[int, int]]:
                """Banks in training once those that ended, one at least, have come home."""
                ended = noted("end")
                home = {int(path.stem.removeprefix("shard-")) for path in cache.glob("shards/*/shard-*.npz")}
                return sorted({*noted("begin")} - {*ended}) if ended and {n for n, _ in ended} == home else []

            until(in_training, train)
            lost, process = in_training()[0]
            os.kill(process, signal.SIGKILL)
            assert train.wait(timeout=120) == 0
        finally:
            for child in reversed(children):
                end(child)
        begun = [number for number, _ in noted("begin")]
        assert sorted(begun) == sorted([0, 1, 2, 3, lost])
        assert sorted(number for number, _ in noted("end")) == [0, 1, 2, 3]
        assert (lost, process) not in noted("end")
        assert files(out) == uninterrupted
        assert not list(cache.glob("shards/*/*"))

    @pytest.mark.parametrize("listens", [False, True])
    def test_an_address_without_an_answer_is_one_sentence_within_10_seconds(
        self, tmp_path: Path, listens: bool
    ) -> None:
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            if listens:  # and says nothing
                mute.listen()
            scheduler = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
            words = ["train", "explorer/digits", *settings(), "--backend", "dask", "--scheduler", scheduler]
            began = time.monotonic()
            done = run_command([*words, "--out", str(tmp_path / "out")])
        assert time.monotonic() - began < 10 + STARTING
        assert done.returncode == 2
        assert one_line(done.stderr) == (
            f"core: --scheduler: the address of a running Dask scheduler; got {scheduler!r}, where none answers.\n"
        )
        assert not (tmp_path / "out").exists()


SCHEDULER = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
WORKER = ["distributed.cli.dask_worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
NOTING = """
import os
from core import sweeps

plain = getattr(sweeps.train_shard, "plain", sweeps.train_shard)  # Dask loads a preload twice


def note(event, number):
    with open(os.environ["NOTES"], "a") as file:
        file.write(f"{event} {number} {os.getpid()}\\n")


def noting(experiment, number, *rest):
    note("begin", number)
    result = plain(experiment, number, *rest)
    note("end", number)
    return result


noting.plain = plain
sweeps.train_shard = noting
"""
STARTING = 10
"""Seconds that Python may take to start on a busy machine."""


def run_command(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_of_a_preset_names_every_field_as_it_is_declared(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["train", "learning_dynamics/depth", "--help"]) == 0
    said = capsys.readouterr().out
    for name, field in declared(Depths).items():
        assert f"  {name} " in said
        assert field.allowed in said
        assert field.help in said


def test_columns_are_printed_with_their_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["columns", "kink_bound"]) == 0
    assert capsys.readouterr().out.split() == ["kink_bound", "[kinks]", *["2", "K", "+", "1", "for", "K", "points"]]
    assert command.main(["columns"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(columns())


def test_train_without_a_preset_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["train"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
