"""A person's table: what is read, and one sentence for everything that is refused."""

import hashlib
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from core.datasets import (
    DataError,
    Source,
    content_of,
    described,
    held,
    keep_name,
    leave_out,
    load,
    missing,
    name_of,
    read_csv,
    register,
    register_csv,
    warned,
)
from core.datasets.own_form import PLAIN, Form


def table(rows: list[str], header: str = "a,b,label") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def good_rows(n: int = 40) -> list[str]:
    return [f"{i},{(i * i) % 7 - 2.5},{i % 2}" for i in range(n)]


def replaced(row: int, text: str) -> bytes:
    """A good table with spreadsheet row `row` (the header is row 1) replaced."""
    rows = good_rows()
    rows[row - 2] = text
    return table(rows)


def registered(tmp_path: Path, content: bytes) -> tuple[np.ndarray, np.ndarray, tuple[str, str]]:
    return read_csv(tmp_path / f"{register_csv(content, tmp_path)}.csv")


def test_a_table_is_stored_under_its_hash_and_read_back(tmp_path: Path) -> None:
    content = table(good_rows())
    digest = register_csv(content, tmp_path / "new")
    assert digest == hashlib.sha256(content).hexdigest()
    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"{digest}.csv"]
    assert (tmp_path / "new" / f"{digest}.csv").read_bytes() == content
    inputs, labels, names = read_csv(tmp_path / "new" / f"{digest}.csv")
    i = np.arange(40)
    assert np.array_equal(inputs, np.stack([i, (i * i) % 7 - 2.5], axis=1))
    assert np.array_equal(labels, np.where(i % 2, 1, -1))
    assert names == ("0", "1")


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("label,b,c", 0),
        ("\ufefflabel,b,c", 0),
        ("a,LABEL,c", 1),
        ("a,Class,c", 1),
        ("target,b,c", 0),
        ("a, y ,c", 1),
        ("a,b,c", 2),
        ("x,y,class", 2),
        ("x,y,label", 2),
        ('"the, x",y,z', 1),
    ],
)
def test_the_label_column(tmp_path: Path, header: str, column: int) -> None:
    cells = np.arange(120).reshape(40, 3) + 10
    cells[:, column] = np.arange(40) < 15
    inputs, labels, _ = registered(tmp_path, table([",".join(map(str, row)) for row in cells], header))
    assert np.array_equal(inputs, np.delete(cells, column, axis=1))
    assert np.array_equal(labels > 0, np.arange(40) < 15)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (("no", "yes"), ("no", "yes")),
        (("9", "10"), ("9", "10")),
        (("-1", "+1"), ("-1", "+1")),
        (("b", "2"), ("2", "b")),
    ],
)
def test_the_lower_label_is_minus_one(tmp_path: Path, values: tuple[str, str], names: tuple[str, str]) -> None:
    rows = [f"{i},{values[i % 2]}" for i in range(20)]
    _, labels, read = registered(tmp_path, table(rows, "a,label"))
    assert read == names
    assert labels[values.index(names[0])] == -1
    assert labels[values.index(names[1])] == 1


def test_one_and_one_point_zero_are_one_class(tmp_path: Path) -> None:
    rows = [f"{i},{('0', '1', '1.0')[i % 3]}" for i in range(30)]
    _, labels, _ = registered(tmp_path, table(rows, "a,label"))
    assert (labels > 0).sum() == 20


@pytest.mark.parametrize(
    "change",
    [
        lambda c: b"\xef\xbb\xbf" + c,
        lambda c: c.replace(b"\n", b"\r\n"),
        lambda c: c.replace(b"\n", b"\r"),
        lambda c: c.rstrip(b"\n"),
        lambda c: c + b"\n\n",
        lambda c: c.replace(b"\n5,", b"\n\n5,"),
        lambda c: c.replace(b",", b" , "),
        lambda c: c.replace(b"\n5,", b'\n"5",'),
    ],
)
def test_harmless_forms_of_a_file_read_the_same(tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    content = table(good_rows())
    assert change(content) != content
    for came, wanted in zip(registered(tmp_path, change(content)), registered(tmp_path, content), strict=True):
        assert np.array_equal(came, wanted)


REFUSED = [
    (b"", "the first line is empty"),
    (b"\n\n", "the first line is empty"),
    (
        b"a b label\n1 2 0\n",
        r"from 1 to 2,000 columns and a label, separated by commas; the first line has 1 column\.",
    ),
    (b'"a,b"\n1\n', "the first line has 1 column"),
    (b'"a,b\n1,2\n', "header line cannot be read"),
    (table(good_rows(), "0,1,2"), "first line must name the columns; it holds only numbers"),
    (table(good_rows(), "label,b,Label"), "one column may be called 'label'; 2 are"),
    (table(good_rows(19)), "at least 20 rows below the header line; 19 came"),
    (b"a,label\n" + b"1,0\n" * 200_001, "at most 200,000 rows; more came"),
    (
        replaced(7, "tall,1,0"),
        r"column 'a' has text in row 7 \('tall'\); every column but the label must hold",
    ),
    (replaced(7, "1,1_000,0"), r"column 'b' has text in row 7 \('1_000'\)"),
    (replaced(7, "0x1f,1,0"), r"column 'a' has text in row 7 \('0x1f'\)"),
    (replaced(9, "1,nan,0"), r"column 'b' has a number that is not finite in row 9 \('nan'\)"),
    (replaced(9, "1,-inf,0"), r"column 'b' has a number that is not finite in row 9 \('-inf'\)"),
    (replaced(9, "1e999,1,0"), r"column 'a' has a number that is not finite in row 9 \('1e999'\)"),
    (replaced(41, "1,,0"), "column 'b' is empty in row 41"),
    (replaced(2, "1,2,"), "the label column 'label' is empty in row 2"),
    (replaced(3, "1,2"), "row 3 has 2 cells; the header line has 3"),
    (replaced(3, "1,2,3,4"), "row 3 has 4 cells; the header line has 3"),
    (replaced(3, '1,"2,0'), "row 3 cannot be read"),
    (replaced(3, '1,"2"x,0'), "row 3 cannot be read"),
    (replaced(3, "1,2,7"), r"label column 'label' must hold 2 values; 3 came \(0.0, 1.0, 7.0\)"),
    (table([f"{i},1,{i}" for i in range(30)]), r"must hold 2 values; 30 came \(0.0, 1.0, 2.0, 3.0, …\)"),
    (table([f"{i},1,x" for i in range(30)]), r"must hold 2 values; 1 came \(x\)"),
    (
        table([f"{i},1,{'few' if i < 4 else 'many'}" for i in range(30)]),
        "at least 5 rows of each label; 'few' .* has 4",
    ),
    (
        table(good_rows()).replace(b"a", b"\x81", 1),
        "text file in UTF-8(; byte 0 is not| or Latin-1; byte 0 is of neither)",
    ),
    (table(good_rows()).replace(b"1", b"\0", 1), "holds zero bytes"),
    (("a,b,label\n" + "1,2,0\n" * 30).encode("utf-16"), "text file in UTF-8"),
    (b",".join([b"a"] * 2002) + b"\n", "the first line has 2,002 columns"),
]


@pytest.mark.parametrize(("content", "says"), REFUSED, ids=[says[:40] for _, says in REFUSED])
def test_what_is_refused_is_said_in_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(DataError, match=says) as caught:
        register_csv(content, tmp_path)
    assert str(caught.value).startswith("csv: ")
    assert str(caught.value).endswith(".")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "own.csv").write_bytes(content)
    with pytest.raises(DataError, match=says):
        read_csv(tmp_path / "own.csv")


@pytest.mark.parametrize(
    ("content", "says", "memory"),
    [
        (b"a" * 20_000_001, "at most 20 MB; 20.0 MB came", 1e5),
        (bytes(300_000_000), "at most 20 MB; 300.0 MB came", 1e5),
        (b",".join([b"x"] * 100_000) + b"\n", "the first line has 100,000 columns", 3e6),
        (
            b",".join([b"x"] * 2001) + b"\n" + b"1\n" * 5_000_000,
            "row 2 has 1 cells; the header line has 2001",
            1.2e8,
        ),
    ],
    ids=["20 MB", "300 MB", "100,000 columns", "short lines under a wide header"],
)
def test_what_is_too_large_is_refused_before_it_is_parsed(
    tmp_path: Path, content: bytes, says: str, memory: float
) -> None:
    tracemalloc.start()
    with pytest.raises(DataError, match=says):
        register_csv(content, tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < memory  # bytes


def test_a_file_too_large_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    tracemalloc.start()
    with pytest.raises(DataError, match=r"at most 20 MB; 300\.0 MB came"):
        read_csv(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1e5  # bytes: nothing was read


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"csv: none\.csv cannot be read"):
        read_csv(tmp_path / "none.csv")


class TestForms:
    """Files that are not written with commas, points, a header line and UTF-8 are read as what they are."""

    def numbers(self, tmp_path: Path, content: bytes) -> tuple[tuple[np.ndarray, np.ndarray, tuple[str, str]], Form]:
        digest, form = register(content, tmp_path)
        return read_csv(tmp_path / f"{digest}.csv"), form

    @pytest.mark.parametrize(
        ("content", "form", "said"),
        [
            ("a;b;label\n{}", Form(separator=";"), "semicolons between columns"),
            ("a\tb\tlabel\n{}", Form(separator="\t"), "tabs between columns"),
        ],
    )
    def test_semicolons_and_tabs(self, tmp_path: Path, content: str, form: Form, said: str) -> None:
        rows = "\n".join(row.replace(",", form.separator) for row in good_rows())
        read, found = self.numbers(tmp_path, content.format(rows).encode())
        wanted = registered(tmp_path, table(good_rows()))
        assert all(np.array_equal(one, other) for one, other in zip(read, wanted, strict=True))
        assert found == form
        assert found.said == (said,)

    def test_decimal_commas(self, tmp_path: Path) -> None:
        rows = [row.replace(",", ";").replace(".", ",") for row in good_rows()]
        read, form = self.numbers(tmp_path, table(rows, "a;b;label"))
        wanted = registered(tmp_path, table(good_rows()))
        assert all(np.array_equal(one, other) for one, other in zip(read, wanted, strict=True))
        assert form == Form(separator=";", decimal_comma=True)

    def test_latin_1(self, tmp_path: Path) -> None:
        content = "Größe,b,label\n".encode("latin-1") + "\n".join(good_rows()).encode()
        digest, form = register(content, tmp_path)
        assert form == Form(latin=True)
        assert described(digest, tmp_path).columns == ("Größe", "b")

    @pytest.mark.parametrize("labels", [("no", "yes"), ("0", "1")])
    def test_without_a_header_no_row_is_lost(self, tmp_path: Path, labels: tuple[str, str]) -> None:
        rows = [f"{i / 2},{(i * i) % 7},{labels[i % 2]}" for i in range(40)]
        digest, form = register("\n".join(rows).encode(), tmp_path)
        inputs, signs, names = read_csv(tmp_path / f"{digest}.csv")
        assert inputs[:, 0].tolist() == [i / 2 for i in range(40)]
        assert np.array_equal(signs > 0, np.arange(40) % 2 == 1)
        assert names == labels
        assert form == Form(header=False)
        assert described(digest, tmp_path).columns == ("column 1", "column 2")

    def test_without_a_header_and_with_decimal_commas(self, tmp_path: Path) -> None:
        rows = [f"{i},5;{(i * i) % 7},25;{'no' if i % 2 else 'yes'}" for i in range(40)]
        read, form = self.numbers(tmp_path, "\n".join(rows).encode())
        assert read[0][:3].tolist() == [[0.5, 0.25], [1.5, 1.25], [2.5, 4.25]]
        assert form == Form(separator=";", decimal_comma=True, header=False)

    @pytest.mark.parametrize("header", ["1,2,label", "1,2,kind", "a,2,3", "0.5,7,Y", "a;b,c,label"])
    def test_names_that_are_numbers_are_names(self, tmp_path: Path, header: str) -> None:
        content = table(good_rows(), header)
        digest, form = register(content, tmp_path)
        assert form == PLAIN
        assert digest == hashlib.sha256(content).hexdigest()

    def test_a_row_is_numbered_as_in_the_file(self, tmp_path: Path) -> None:
        rows = good_rows()
        rows[6] = "tall,1,0"
        with pytest.raises(DataError, match=r"column 'column 1' has text in row 7 \('tall'\)"):
            register("\n".join(rows).encode(), tmp_path)
        rows[6] = "tall;1;0"
        with pytest.raises(DataError, match=r"column 'a' has text in row 8 \('tall'\)"):
            register(table([row.replace(",", ";") for row in rows], "a;b;label"), tmp_path)

    def test_a_file_is_refused_by_its_size_before_it_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "large.csv"
        with path.open("wb") as file:
            file.truncate(300_000_000)
        with pytest.raises(DataError, match=r"at most 20 MB; 300\.0 MB came"):
            content_of(path)


class TestWords:
    def test_what_a_table_holds(self, tmp_path: Path) -> None:
        rows = [f"{i / 2},7,{i + 100},{'yes' if i < 15 else 'no'}" for i in range(60)]
        digest, _ = register(table(rows, "height,flat,Sample ID,class"), tmp_path)
        about = described(digest, tmp_path)
        assert about.label == "class"
        assert about.classes == ("no", "yes")
        assert about.rows == (45, 15)
        assert about.columns == ("height", "flat", "Sample ID")
        assert about.constant == ("flat",)
        assert about.identifiers == ("Sample ID",)
        assert held(about) == [
            "60 rows of 3 columns and a label, 'class'.",
            "+1 is 'yes' (15 rows), −1 is 'no' (45 rows).",
            "18 rows are the test set; up to 42 are trained on.",
        ]
        assert [sentence.rsplit(": ", 1)[1] for sentence in warned(about)] == ["'flat'.", "'Sample ID'."]

    @pytest.mark.parametrize(
        ("name", "values", "found"),
        [
            ("a", [*range(40)], True),
            ("a", [*range(1, 41)][::-1], True),
            ("user_id", [3 * i for i in range(40)], True),
            ("", [3 * i for i in range(40)], True),
            ("a", [3 * i for i in range(40)], False),
            ("id", [i % 39 for i in range(40)], False),
            ("id", [i + 0.5 for i in range(40)], False),
            ("grid", [3 * i for i in range(40)], False),
        ],
    )
    def test_columns_that_tell_rows_apart(self, tmp_path: Path, name: str, values: list[float], found: bool) -> None:
        rows = [f"{value},{i % 7},{i % 2}" for i, value in enumerate(values)]
        about = described(register_csv(table(rows, f"{name},b,label"), tmp_path), tmp_path)
        assert about.identifiers == ((name,) if found else ())

    def test_a_column_is_left_out_and_the_name_of_the_file_stays(self, tmp_path: Path) -> None:
        digest = register_csv(table(good_rows(), "id,b,label"), tmp_path)
        keep_name(digest, "mine, too.csv", tmp_path)
        left = leave_out(digest, ["id"], tmp_path)
        assert described(left, tmp_path).columns == ("b",)
        assert name_of(left, tmp_path) == "mine, too.csv"
        whole, labels, _ = read_csv(tmp_path / f"{digest}.csv")
        inputs, same, _ = read_csv(tmp_path / f"{left}.csv")
        assert np.array_equal(inputs[:, 0], whole[:, 1])
        assert np.array_equal(same, labels)

    def test_many_columns_are_counted(self, tmp_path: Path) -> None:
        rows = [",".join(["3"] * 9 + [str(i % 7), str(i % 2)]) for i in range(40)]
        header = ",".join([*(f"c{k}" for k in range(9)), "b", "label"])
        (said,) = warned(described(register_csv(table(rows, header), tmp_path), tmp_path))
        assert said.endswith("'c0', 'c1', 'c2', 'c3', 'c4' and 4 more.")


class TestLoad:
    def task(self, tmp_path: Path, content: bytes, n_train: int = 20, seed: int = 0):  # type: ignore[no-untyped-def]
        digest = register_csv(content, tmp_path)
        return load("csv", n_train=n_train, seed=seed, source=Source(uploads=tmp_path), csv_digest=digest)

    def test_thirty_percent_are_the_test_set_and_every_row_is_used_once(self, tmp_path: Path) -> None:
        task = self.task(tmp_path, table(good_rows(100)), n_train=70)
        assert task.test_inputs.shape == (30, 3)
        a = np.concatenate([task.train_inputs[:, 0], task.test_inputs[:, 0]])
        labels = np.concatenate([task.train_labels, task.test_labels])
        row = np.rint(a * np.arange(100).std() + 49.5).astype(int)
        assert sorted(row) == list(range(100))
        assert row[70:].min() < 20  # drawn from the whole file, not cut off an end of it
        assert row[70:].max() > 80
        assert np.array_equal(labels, np.where(row % 2, 1, -1))

    def test_columns_are_standardised_and_a_constant_one_appended(self, tmp_path: Path) -> None:
        rows = [f"{1e300 * (i % 5)},{1e6 + 1e-3 * i},{7.1},{i % 2}" for i in range(100)]
        task = self.task(tmp_path, table(rows, "huge,offset,constant,label"), n_train=70)
        inputs = np.vstack([task.train_inputs, task.test_inputs])
        assert inputs.shape == (100, 3)  # the constant column is gone
        assert np.all(inputs[:, 2] == 1)
        assert np.abs(inputs[:, :2].mean(axis=0)).max() < 1e-5
        assert np.abs(inputs[:, :2].std(axis=0) - 1).max() < 1e-5

    def test_a_table_of_constant_columns_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="at least one column besides the label must vary"):
            self.task(tmp_path, table([f"0.1,3,{i % 2}" for i in range(50)]))

    def test_seeds_change_the_training_set_alone(self, tmp_path: Path) -> None:
        one, same, two = (self.task(tmp_path, table(good_rows(100)), seed=seed) for seed in (0, 0, 1))
        assert one.train_inputs.tobytes() == same.train_inputs.tobytes()
        assert one.train_inputs.tobytes() != two.train_inputs.tobytes()
        assert one.test_inputs.tobytes() == same.test_inputs.tobytes() == two.test_inputs.tobytes()

    @pytest.mark.parametrize("positive", [5, 49_995])
    def test_a_rare_class_is_in_both_sets_and_in_the_smallest_training_set(self, tmp_path: Path, positive: int) -> None:
        content = table([f"{i},{i % 3},{int(i < positive)}" for i in range(50_000)])
        for seed in range(5):
            task = self.task(tmp_path, content, n_train=8, seed=seed)
            assert set(task.train_labels) == set(task.test_labels) == {-1.0, 1.0}
        assert len(task.test_labels) == 2048

    @pytest.mark.parametrize("n", [20, 21, 33])
    @pytest.mark.parametrize("rare", [5, -5])
    def test_small_tables_leave_both_classes_on_both_sides(self, tmp_path: Path, n: int, rare: int) -> None:
        positive = rare if rare > 0 else n + rare
        content = table([f"{i},{i % 3},{int(i < positive)}" for i in range(n)])
        task = self.task(tmp_path, content, n_train=8)
        assert len(task.test_labels) == int(0.3 * n)
        assert set(task.train_labels) == set(task.test_labels) == {-1.0, 1.0}

    def test_the_largest_n_train_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match=r"n_train: at most 70 for this table of 100 rows, 30 of .*; 71 came\."):
            self.task(tmp_path, table(good_rows(100)), n_train=71)

    @pytest.mark.parametrize("digest", ["", "../" + "a" * 61, "A" * 64, "a" * 63, "a" * 64 + "\n", "/etc/passwd"])
    def test_a_malformed_digest_is_refused(self, tmp_path: Path, digest: str) -> None:
        with pytest.raises(DataError, match="csv_digest: 64 hexadecimal digits"):
            load("csv", n_train=8, seed=0, source=Source(uploads=tmp_path), csv_digest=digest)

    def test_an_unknown_digest_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(DataError, match="SHA-256 begins with aaaaaaaaaaaa is not on this machine"):
            load("csv", n_train=8, seed=0, source=Source(uploads=tmp_path), csv_digest="a" * 64)
        with pytest.raises(DataError, match="no folder for uploaded files"):
            load("csv", n_train=8, seed=0, csv_digest="a" * 64)

    def test_a_changed_upload_is_refused(self, tmp_path: Path) -> None:
        digest = register_csv(table(good_rows(50)), tmp_path)
        (tmp_path / f"{digest}.csv").write_bytes(table(good_rows(60)))
        with pytest.raises(DataError, match="was changed; upload the file again"):
            load("csv", n_train=8, seed=0, source=Source(uploads=tmp_path), csv_digest=digest)

    def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(self, tmp_path: Path) -> None:
        content = table(good_rows())
        in_the_way = tmp_path / f"{hashlib.sha256(content).hexdigest()}.csv"
        in_the_way.mkdir()
        with pytest.raises(DataError, match="cannot be written"):
            register_csv(content, tmp_path)
        assert list(tmp_path.iterdir()) == [in_the_way]

    def test_missing_until_a_table_is_uploaded(self, tmp_path: Path) -> None:
        assert missing("csv", Source()) is not None
        assert missing("csv", Source(uploads=tmp_path / "none")) is not None
        register_csv(table(good_rows()), tmp_path)
        assert missing("csv", Source(uploads=tmp_path)) is None
