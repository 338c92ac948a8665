"""Official files: what is written is what is read, and damage is named."""

import gzip
import struct
from pathlib import Path
from types import SimpleNamespace
from urllib.error import URLError

import numpy as np
import pytest

from core.datasets import DataError, Source, download, load, missing, official

MNIST = {
    "train-images-idx3-ubyte": (60_000, 28, 28),
    "train-labels-idx1-ubyte": (60_000,),
    "t10k-images-idx3-ubyte": (10_000, 28, 28),
    "t10k-labels-idx1-ubyte": (10_000,),
}

RELEASED = dict(official.RELEASED)


@pytest.fixture(autouse=True)
def any_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of our own may lie under the official names, but where that is tested."""
    monkeypatch.setattr(official, "RELEASED", {})
    official._parse.cache_clear()


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def digits(n: int) -> np.ndarray:
    return (np.arange(n) % 10).astype(np.uint8)


def marked_images(n: int) -> np.ndarray:
    """Images whose first pixel is their class and the next two their number, to check labels by."""
    images = np.zeros((n, 784), np.uint8)
    images[:, 0], images[:, 1], images[:, 2] = digits(n), np.arange(n) % 256, np.arange(n) // 256
    images[:, 3] = 255
    return images


def cifar_batch(first: int) -> bytes:
    records = np.zeros((10_000, 3073), np.uint8)
    number = first + np.arange(10_000)
    records[:, 0] = records[:, 1] = number % 10
    records[:, 2], records[:, 3] = number % 256, number // 256
    records[:, -1] = 255
    return records.tobytes()


@pytest.fixture(scope="module")
def mnist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MNIST's files: sizes as published, pixels of our own; one plain, the rest gzipped."""
    folder = tmp_path_factory.mktemp("data") / "mnist"
    folder.mkdir()
    for name, shape in MNIST.items():
        array = digits(shape[0]) if len(shape) == 1 else marked_images(shape[0]).reshape(shape)
        put(folder / (name if name.startswith("t10k-images") else f"{name}.gz"), idx(array))
    return folder.parent


@pytest.fixture(scope="module")
def cifar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "cifar-10-batches-bin"
    folder.mkdir()
    put(folder / "data_batch_1.bin.gz", cifar_batch(0))
    put(folder / "test_batch.bin", cifar_batch(50_000))
    return folder


@pytest.mark.parametrize("name", ["images", "images.gz"])
class TestIdx:
    array = np.arange(24, dtype=np.uint8).reshape(4, 3, 2)

    def test_round_trip(self, tmp_path: Path, name: str) -> None:
        assert np.array_equal(official.read_idx(put(tmp_path / name, idx(self.array)), (4, 3, 2)), self.array)

    def test_a_cut_file_is_named(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DataError, match=rf"^{name}: must hold 40 bytes when unpacked; 39 came\.$"):
            official.read_idx(put(tmp_path / name, idx(self.array)[:-1]), (4, 3, 2))

    def test_bytes_to_spare_are_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DataError, match=rf"^{name}: must hold 40 bytes when unpacked; more came\.$"):
            official.read_idx(put(tmp_path / name, idx(self.array) + b"\0"), (4, 3, 2))

    @pytest.mark.parametrize("content", [b"", b"\0\0", b"\0\0\x0c\3" + bytes(36), b"PK\3\4" + bytes(36)])
    def test_another_magic_number_is_refused(self, tmp_path: Path, name: str, content: bytes) -> None:
        came = content[:4].hex() or "nothing"
        with pytest.raises(DataError, match=rf"^{name}: .* magic number 00000803; {came} came\.$"):
            official.read_idx(put(tmp_path / name, content), (4, 3, 2))

    @pytest.mark.parametrize(("shape", "came"), [((2, 3, 4), r"\(2, 3, 4\)"), ((3, 3, 2), r"\(3, 3, 2\)")])
    def test_other_sizes_are_refused(self, tmp_path: Path, name: str, shape: tuple[int, ...], came: str) -> None:
        content = idx(np.zeros(shape, np.uint8))
        with pytest.raises(DataError, match=rf"^{name}: .* sizes \(4, 3, 2\); its header says {came}\.$"):
            official.read_idx(put(tmp_path / name, content), (4, 3, 2))

    def test_a_cut_header_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DataError, match=rf"^{name}: .* its header says \(4,\)\.$"):
            official.read_idx(put(tmp_path / name, idx(self.array)[:10]), (4, 3, 2))


@pytest.mark.parametrize("name", ["batch.bin", "batch.bin.gz"])
class TestCifar:
    records = np.random.default_rng(0).integers(0, 10, (3, 3073)).astype(np.uint8)

    def test_round_trip(self, tmp_path: Path, name: str) -> None:
        pixels, classes = official.read_cifar(put(tmp_path / name, self.records.tobytes()), records=3)
        assert np.array_equal(pixels, self.records[:, 1:])
        assert np.array_equal(classes, self.records[:, 0])

    def test_a_file_cut_between_records_is_named(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DataError, match=rf"^{name}: must hold 9,219 bytes when unpacked; 6,146 came\.$"):
            official.read_cifar(put(tmp_path / name, self.records[:2].tobytes()), records=3)

    def test_a_class_above_nine_is_refused(self, tmp_path: Path, name: str) -> None:
        records = self.records.copy()
        records[1, 0] = 10
        with pytest.raises(DataError, match=rf"^{name}: classes go from 0 to 9; 10 came\.$"):
            official.read_cifar(put(tmp_path / name, records.tobytes()), records=3)


@pytest.mark.parametrize(
    "damage", [lambda c: c[: len(c) // 2], lambda c: b"no gzip " + c, lambda c: c[:10] + b"\xff" * 99]
)
def test_a_damaged_gzip_file_is_named(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    content = gzip.compress(np.random.default_rng(0).integers(0, 10, 3 * 3073).astype(np.uint8).tobytes())
    path = tmp_path / "batch.bin.gz"
    path.write_bytes(damage(content))
    with pytest.raises(DataError, match=r"^batch\.bin\.gz: cannot be read, it may be cut \("):
        official.read_cifar(path, records=3)


def test_moments_are_numpys() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (2500, 7)).astype(np.uint8)
    assert official.moments([pixels[:100], pixels[100:]]) == pytest.approx((pixels.mean(), pixels.std()), rel=1e-12)


def test_images_of_one_value_are_refused() -> None:
    with pytest.raises(DataError, match="all pixels have the value 7"):
        official.moments([np.full((10, 3), 7, np.uint8)])


@pytest.mark.parametrize(("name", "even"), [("mnist_parity", True), ("mnist_halves", False)])
def test_mnist_labels_go_with_their_images(mnist: Path, name: str, even: bool) -> None:
    task = load(name, n_train=8192, seed=0, source=Source(data_dir=mnist))
    pool = marked_images(60_000)
    for inputs, labels, n in (
        (task.train_inputs, task.train_labels, 8192),
        (task.test_inputs, task.test_labels, 2048),
    ):
        pixels = np.rint(inputs * pool.std() + pool.mean()).astype(int)
        digit, number = pixels[:, 0], pixels[:, 1] + 256 * pixels[:, 2]
        assert len(set(number)) == n  # without replacement
        assert np.array_equal(digit, number % 10)
        assert np.array_equal(labels > 0, digit % 2 == 0 if even else digit >= 5)


@pytest.mark.parametrize(("name", "positive"), [("cifar_animals", range(2, 8)), ("cifar_halves", range(5, 10))])
def test_cifar_labels_go_with_their_images(cifar: Path, name: str, positive: range) -> None:
    task = load(name, n_train=4096, seed=0, source=Source(data_dir=cifar.parent))
    pool = np.frombuffer(cifar_batch(0), np.uint8).reshape(-1, 3073)[:, 1:]
    for inputs, labels, first in (
        (task.train_inputs, task.train_labels, 0),
        (task.test_inputs, task.test_labels, 50_000),
    ):
        assert inputs[:, -1] == pytest.approx((255 - pool.mean()) / pool.std(), rel=1e-6)
        pixels = np.rint(inputs[:, :3] * pool.std() + pool.mean()).astype(int)
        number = pixels[:, 1] + 256 * pixels[:, 2]
        assert number.min() >= first
        assert number.max() < first + 10_000
        assert np.array_equal(labels > 0, np.isin(number % 10, positive))


def test_the_result_does_not_depend_on_further_batches(cifar: Path, tmp_path: Path) -> None:
    for path in cifar.iterdir():
        (tmp_path / path.name).symlink_to(path)
    alone = load("cifar_halves", n_train=64, seed=0, source=Source(data_dir=tmp_path))
    put(tmp_path / "data_batch_2.bin", cifar_batch(10_000))
    official._parse.cache_clear()
    beside = load("cifar_halves", n_train=64, seed=0, source=Source(data_dir=tmp_path))
    assert beside.train_inputs.tobytes() == alone.train_inputs.tobytes()


def test_a_changed_file_is_read_anew(cifar: Path, tmp_path: Path) -> None:
    (tmp_path / "test_batch.bin").symlink_to(cifar / "test_batch.bin")
    put(tmp_path / "data_batch_1.bin", cifar_batch(0))
    before = load("cifar_halves", n_train=64, seed=0, source=Source(data_dir=tmp_path))
    put(tmp_path / "data_batch_1.bin", cifar_batch(20_000))
    after = load("cifar_halves", n_train=64, seed=0, source=Source(data_dir=tmp_path))
    assert not np.array_equal(before.train_inputs, after.train_inputs)


def test_other_images_under_the_official_names_are_refused(
    mnist: Path, cifar: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(official, "RELEASED", RELEASED)
    for name, folder, first in (
        ("mnist_parity", mnist, "train-images-idx3-ubyte: must be the file of the official release, whose SHA-256 "),
        ("cifar_halves", cifar, "data_batch_1.bin: must be the file of the official release, whose SHA-256 begins "),
    ):
        with pytest.raises(DataError, match=rf"^{first}.*; [0-9a-f]{{12}} came\.$"):
            load(name, n_train=64, seed=0, source=Source(data_dir=folder))
    with pytest.raises(DataError, match=r"^data_batch_3\.bin: must be"):
        official.check_released("data_batch_3.bin", cifar_batch(0))
    assert len(RELEASED) == len(set(RELEASED.values())) == len(MNIST) + 6


@pytest.mark.data
def test_the_official_files_are_the_official_files(real: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(official, "RELEASED", RELEASED)
    assert real.data_dir is not None
    images = official.read("mnist", 8, real.data_dir)
    assert (round(images.mean, 2), round(images.std, 2)) == (33.32, 78.57)
    assert len(official.read("cifar10", 20_000, real.data_dir).train_pixels) == 20_000


def test_files_are_found_in_the_folder_itself_and_in_its_subfolders(mnist: Path, cifar: Path) -> None:
    for folder in (mnist, mnist / "mnist"):
        assert missing("mnist_halves", Source(data_dir=folder)) is None
    for folder in (cifar, cifar.parent):
        assert missing("cifar_halves", Source(data_dir=folder)) is None


def test_what_is_missing_is_listed_with_the_ways_to_name_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data_batch_3.bin").touch()
    (tmp_path / "t10k-labels-idx1-ubyte.gz").touch()
    mnist_says = missing("mnist_parity", Source(data_dir=tmp_path))
    cifar_says = missing("cifar_animals", Source(data_dir=tmp_path))
    assert mnist_says is not None
    assert cifar_says is not None
    assert "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte of" in mnist_says
    assert "data_batch_1.bin, test_batch.bin of" in cifar_says
    assert "1 of the 5 data_batch files" in cifar_says
    for says in (mnist_says, cifar_says, missing("mnist_parity", Source()) or ""):
        assert all(way in says for way in ("--data-dir", "the app's field", "TRAINSCOPE_DATA"))
    with pytest.raises(DataError) as caught:
        load("mnist_parity", n_train=8, seed=0, source=Source(data_dir=tmp_path))
    assert str(caught.value) == mnist_says


@pytest.mark.parametrize("name", ["two_moons", "digits_parity"])
def test_bundled_data_lack_nothing(name: str) -> None:
    assert missing(name, Source()) is None


def test_needed_cifar_batches_follow_n_train() -> None:
    batches = [len(official.needed("cifar10", n)) - 1 for n in (8, 10_000, 10_001, 50_000)]
    assert batches == [1, 1, 2, 5]


class TestDownload:
    def answer(self, monkeypatch: pytest.MonkeyPatch, **table: np.ndarray) -> list[dict[str, object]]:
        asked: list[dict[str, object]] = []

        def fetch_openml(**query: object) -> SimpleNamespace:
            asked.append(query)
            return SimpleNamespace(**table)

        monkeypatch.setattr("sklearn.datasets.fetch_openml", fetch_openml)
        return asked

    def test_mnist_is_stored_as_the_official_files(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        data, target = marked_images(70_000), digits(70_000)
        target[60_000:] = target[60_000:][::-1]
        asked = self.answer(monkeypatch, data=data, target=target.astype(str).astype(object))
        download("mnist", tmp_path / "new")
        assert (asked[0]["name"], asked[0]["version"]) == ("mnist_784", 1)
        assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(f"{n}.gz" for n in MNIST)
        parts = {"train": slice(0, 60_000), "t10k": slice(60_000, 70_000)}
        for name, shape in MNIST.items():
            content = gzip.decompress((tmp_path / "new" / f"{name}.gz").read_bytes())
            source = target if "labels" in name else data
            assert content == idx(source[parts[name.split("-")[0]]].reshape(shape))

    def test_cifar_is_stored_as_the_official_files(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        data = np.broadcast_to(np.arange(3072) % 200, (60_000, 3072))
        target = digits(60_000)
        target[50_000:] = 7
        asked = self.answer(monkeypatch, data=data, target=target)
        download("cifar10", tmp_path)
        assert asked[0]["data_id"] == 40926
        names = [f"data_batch_{k}.bin" for k in range(1, 6)] + ["test_batch.bin"]
        assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.gz" for name in names]
        for name, k in (("data_batch_2.bin", 1), ("test_batch.bin", 5)):
            pixels, classes = official.read_cifar(tmp_path / f"{name}.gz")
            assert np.array_equal(classes, target[k * 10_000 : (k + 1) * 10_000])
            assert np.array_equal(pixels, data[:10_000])

    def test_a_failed_network_is_one_sentence(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def fetch_openml(**_: object) -> None:
            raise URLError("no route to host")

        monkeypatch.setattr("sklearn.datasets.fetch_openml", fetch_openml)
        with pytest.raises(DataError, match=r"^MNIST: could not be fetched from OpenML \(.*no route to host.*\)\.$"):
            download("mnist", tmp_path)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("data", "target", "says"),
        [
            (np.zeros((10, 784)), np.zeros(70_000), r"sizes \(70000, 784\); \(10, 784\) came"),
            (np.broadcast_to(-1.0, (70_000, 784)), np.zeros(70_000), "from 0 to 255; -1 to -1 came"),
            (np.broadcast_to(np.nan, (70_000, 784)), np.zeros(70_000), "from 0 to 255; nan to nan came"),
            (np.broadcast_to(0.0, (70_000, 784)), np.full(70_000, "cat", object), "must send numbers"),
            (np.broadcast_to(0.0, (70_000, 784)), np.full(70_000, 10), "from 0 to 9; 10 to 10 came"),
        ],
    )
    def test_a_table_of_another_form_is_refused(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: np.ndarray, target: np.ndarray, says: str
    ) -> None:
        self.answer(monkeypatch, data=data, target=target)
        with pytest.raises(DataError, match=says):
            download("mnist", tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_an_unknown_name_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="files: one of mnist, cifar10; 'imagenet' came"):
            download("imagenet", tmp_path)

    def test_a_folder_that_cannot_be_made_is_named(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        self.answer(monkeypatch, data=np.broadcast_to(0, (70_000, 784)), target=digits(70_000))
        with pytest.raises(DataError, match=r"file/train-images-idx3-ubyte\.gz: cannot be written"):
            download("mnist", tmp_path / "file")
