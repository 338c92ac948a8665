"""What a network learns of a table that is no task yet: the label, two classes, text and gaps."""

from pathlib import Path

import numpy as np
import pytest

from core.datasets import REST, Choice, DataError, cells_of, chosen, read_csv, register, usual

HEADER = "size,colour,code,class,species"
COLOURS = ("red", "blue", "")
SPECIES = ("setosa", "virginica", "other", "setosa")


def flowers(count: int = 60, separator: str = ",") -> bytes:
    rows = [
        (f"{number % 7}.5", COLOURS[number % 3], f"x{number}", str(number % 5), SPECIES[number % 4])
        for number in range(count)
    ]
    return "\n".join([HEADER.replace(",", separator), *(separator.join(row) for row in rows), ""]).encode()


def learned(
    tmp_path: Path, content: bytes, choice: Choice
) -> tuple[np.ndarray, np.ndarray, tuple[str, str], list[str]]:
    table, said = chosen(content, choice)
    digest, _ = register(table, tmp_path)
    return *read_csv(tmp_path / f"{digest}.csv"), list(said)


def test_what_is_usual_is_offered_first() -> None:
    cells = cells_of(flowers())
    assert cells.columns == tuple(HEADER.split(","))
    assert usual(cells) == Choice(label="class", one="0", other=REST)
    assert cells.classes("species") == {"setosa": 30, "virginica": 15, "other": 15}
    assert cells.classes("colour") == {"red": 20, "blue": 20}, "a gap is no class"
    assert cells_of(flowers(separator=";")).rows == cells.rows


def test_one_class_against_all_others(tmp_path: Path) -> None:
    inputs, labels, names, said = learned(tmp_path, flowers(), Choice(label="species", one="setosa"))
    kept = [number for number in range(60) if COLOURS[number % 3]]
    setosa = np.array([SPECIES[number % 4] == "setosa" for number in kept])
    assert set(names) == {"setosa", "not setosa"}
    assert np.array_equal(labels == (1 if names[1] == "setosa" else -1), setosa)
    expected = [[number % 7 + 0.5, number % 3 == 1, number % 3 == 0, number % 5] for number in kept]
    assert np.array_equal(inputs, np.array(expected, float)), "size, blue, red, class"
    assert said == [
        "20 rows with a gap are left out.",
        "A column of 0 and 1 for each value of 'colour'.",
        "Left out, as text of more than 12 values: 'code'.",
    ]


def test_two_classes_leave_out_the_rows_of_others(tmp_path: Path) -> None:
    choice = Choice(label="species", one="virginica", other="setosa")
    inputs, labels, names, said = learned(tmp_path, flowers(), choice)
    assert set(names) == {"virginica", "setosa"}
    assert len(labels) == len(inputs) == sum(number % 4 != 2 and number % 3 != 2 for number in range(60))
    assert said[0] == "15 rows of other classes, or of none, are left out."


def test_a_plain_table_comes_out_as_it_went_in(tmp_path: Path) -> None:
    rows = "".join(f"{number},{number % 3},{'ab'[number % 2]}\n" for number in range(40))
    content = f"u,v,label\n{rows}".encode()
    table, said = chosen(content, Choice(label="label", one="b", other="a"))
    assert (table, said) == (content, ())


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(label="weight", one="1"), "'1' is no value of column 'weight'"),
        (Choice(label="species", one="rose"), "'rose' is no value of column 'species'"),
        (Choice(label="species", one="setosa", other="rose"), "'rose' is no value of column 'species'"),
        (Choice(label="species", one="setosa", other="setosa"), "'setosa' was chosen for both"),
        (Choice(label="colour", one=""), "'' is no value of column 'colour'"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(choice: Choice, said: str) -> None:
    with pytest.raises(DataError, match=said):
        chosen(flowers(), choice)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        ",".join(map(str, range(2_100))).encode() + b"\n1\n",
        b"a\n1\n",
        b"a,a\n1,2\n3,4\n",
        b"a,b\n1,2\n3\n",
        b"\0\1\2" * 9,
        b'a,b\n"1,2\n',
        b"a,b\n" + b"1,2\n" * 600_000,
    ],
    ids=[
        "empty",
        "many columns",
        "one column",
        "one name twice",
        "a short row",
        "binary",
        "an open quote",
        "too large",
    ],
)
def test_what_has_no_cells_is_refused(content: bytes) -> None:
    with pytest.raises(DataError, match=r"^csv: "):
        cells_of(content)
