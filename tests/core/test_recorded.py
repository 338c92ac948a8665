"""Recordings from outside: three formats that say the same, and one sentence for whatever is refused."""

import io
import pickle
import random
import struct
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.datasets import DataError
from core.recorded import bounded
from core.recorded.opened import few, held, keep, kept, read
from core.recorded.recorded import Recorded, encoded

RNG = np.random.default_rng(0)
STEPS, LABELS = np.array([0, 1, 5, 20]), np.arange(60) % 3
PREDICTIONS = np.where(RNG.random((4, 60)) < 0.6, LABELS, RNG.integers(3, size=(4, 60)))


def npz(**other: Any) -> bytes:
    arrays = {"step": STEPS, "predictions": PREDICTIONS, "labels": LABELS} | other
    buffer = io.BytesIO()
    np.savez(buffer, **{name: values for name, values in arrays.items() if values is not None})
    return buffer.getvalue()


def long(words: Mapping[int, str] | None = None) -> pd.DataFrame:
    """The long form, its rows in no order; labels once an example."""
    rows = pd.DataFrame(
        {
            "step": np.repeat(STEPS, 60),
            "example": np.tile(np.arange(60), 4),
            "prediction": PREDICTIONS.ravel(),
            "label": np.tile(LABELS, 4),
        }
    ).sample(frac=1, random_state=0)
    if words:
        rows = rows.assign(prediction=rows["prediction"].map(words), label=rows["label"].map(words))
    return rows


def csv(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False).encode()


def parquet(rows: pd.DataFrame) -> bytes:
    return rows.to_parquet(index=False)


def test_three_formats_are_one_recording() -> None:
    contents = {encoded(read(content)) for content in (npz(), csv(long()), parquet(long()))}
    assert len(contents) == 1
    (same,) = contents
    assert encoded(read(same)) == same


def test_words_are_classes_and_labels_may_stand_once() -> None:
    rows = long({0: "cat", 1: "dog", 2: "eel"})
    rows.loc[rows["step"] > 0, "label"] = None
    found = read(csv(rows))
    assert found.names == ("cat", "dog", "eel")
    np.testing.assert_array_equal(found.labels, LABELS)
    np.testing.assert_array_equal(found.predictions, PREDICTIONS)


def test_it_is_kept_under_its_hash_and_nobody_else_finds_it(tmp_path: Path) -> None:
    digest = keep(read(npz()), tmp_path)
    assert keep(read(csv(long())), tmp_path) == digest
    np.testing.assert_array_equal(kept(digest, tmp_path).labels, LABELS)
    with pytest.raises(DataError, match="is not on this machine; open the file again"):
        kept("0" * 64, tmp_path)
    with pytest.raises(DataError, match="is not on this machine"):
        kept("../" + digest, tmp_path)


def test_what_it_holds_is_said() -> None:
    said = " ".join(held(read(npz(train_loss=np.ones(4), **{"explainer/mine": LABELS}))))
    for words in ("4 recorded steps, 0 to 20, of 60 points of 3 classes", "train loss", "mine", "lower bound"):
        assert words in said
    assert few(2000, 10)[0].startswith("2,000 points are few for 10 classes: I(F;Y|L) may read up to 0.29 bit")
    assert few(10_000, 10) == ()


def objects() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, step=STEPS, predictions=np.array([{}, []], object), labels=LABELS)
    return buffer.getvalue()


def liar() -> bytes:
    """A header that promises 8 TB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        header = b"{'descr': '<i8', 'fortran_order': False, 'shape': (1000000000000,), }".ljust(117) + b"\n"
        archive.writestr("step.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
    return buffer.getvalue()


def bomb() -> bytes:
    """Two gigabytes of zeros in two megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("step.npy", "w") as file:
        for _ in range(1100):
            file.write(bytes(10**6))
    return buffer.getvalue()


def cut(rows: pd.DataFrame, place: int = 5) -> pd.DataFrame:
    return rows.drop(index=rows.index[place])


BAD = {
    "a label outside the classes": (npz(classes=np.array(2)), "labels: classes 0 to 1, those of the labels"),
    "a prediction outside": (npz(predictions=PREDICTIONS + 1), "predictions: classes 0 to 2, those of the labels"),
    "a negative label": (npz(labels=LABELS - 1), "labels: classes 0 to 1, those of the labels"),
    "another shape": (npz(predictions=PREDICTIONS[:, :50]), r"predictions: an array of shape \(4, 60\); got shape"),
    "NaN": (npz(predictions=np.where(PREDICTIONS == 1, np.nan, 0)), "predictions: whole numbers; got NaN or infinity"),
    "halves": (npz(predictions=PREDICTIONS + 0.5), "predictions: whole numbers; got 0.5|got 1.5|got 2.5"),
    "one class": (npz(labels=np.zeros(60, int), classes=np.array(3)), "labels: points of at least two classes; got 0"),
    "steps that fall": (npz(step=STEPS[::-1].copy()), "step: whole numbers from 0 that rise; got 5 in place 1"),
    "steps that stay": (npz(step=np.array([0, 1, 1, 2])), "step: whole numbers from 0 that rise; got 1 in place 2"),
    "few points": (npz(labels=LABELS[:5], predictions=PREDICTIONS[:, :5]), "labels: those of 20 to 100,000 points"),
    "other names": (npz(step=None, epoch=STEPS), "arrays: step, predictions, labels; without step nothing can be"),
    "a name too many": (npz(logits=PREDICTIONS), r"arrays: step, .*explainer/NAME; got logits\."),
    "a name that is a link": (
        npz(**{"explainer/[a](//b)": LABELS}),
        r"explainer: a name .* without < > \[ \]; got \[a",
    ),
    "a name of two lines": (npz(**{"explainer/a\nb": LABELS}), "explainer: a name of 1 to 60 letters, on one line"),
    "images of others": (npz(inputs=np.zeros((7, 2))), "inputs: one row for each of 60 points; got shape"),
    "objects": (objects(), "'predictions' holds Python objects"),
    "a header that lies": (liar(), "'step' says that it is longer than it is"),
    "a bomb": (bomb(), "at most 1000 MB unpacked, at most 1,000 of them; got 1,100 MB"),
    "a broken archive": (npz()[:300], "this one cannot be read"),
    "a pickle": (pickle.dumps({"step": 1}), r"an npz, CSV or Parquet file .*; got a pickle\."),
    "binary": (b"\x00\x01" * 40, "got another binary file"),
    "other columns": (csv(long().rename(columns={"label": "target"})), "label is not there once; got step, example"),
    "a missing row": (csv(cut(long())), "rows: 60 examples at each of 4 steps, a row each; got 239"),
    "a row twice": (csv(pd.concat([cut(long()), long().iloc[:1]])), "rows: each example once a step"),
    "an unknown word": (csv(long({0: "a", 1: "b", 2: "c"}).replace({"prediction": {"c": "d"}})), "got 'd'"),
    "NaN in a table": (csv(long().assign(prediction=np.nan)), "prediction: a class in every row"),
    "fractions": (csv(long().assign(prediction=0.5)), "prediction: classes as whole numbers or words"),
    "two labels": (csv(long().assign(label=lambda rows: rows["step"] % 3)), "label: the same at all steps; got two of"),
    "steps as words": (csv(long().assign(step="x")), "step: whole numbers in every row"),
    "no rows": (csv(long().iloc[:0]), "rows: a row a recorded step and example; got none"),
    "a broken parquet": (parquet(long())[:200], "a Parquet file; this one cannot be read"),
    "nothing": (b"", "a CSV file; this one cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_in_one_sentence(name: str) -> None:
    content, said = BAD[name]
    with pytest.raises(DataError, match=said) as error:
        read(content)
    assert str(error.value).startswith("recording: ")
    assert "\n" not in str(error.value)


def packed(members: Mapping[str, bytes], method: int) -> bytes:
    """An archive that packs them in one of its ways, with the checksums that they have."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def members() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(npz())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damaged(whole: bytes, rng: random.Random) -> bytes:
    """Cut short now and then, with 1 to 60 other bytes."""
    content = bytearray(whole[: rng.randrange(1, len(whole))] if rng.random() < 0.1 else whole)
    for _ in range(rng.choice((1, 1, 2, 8, 60))):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def damaged_member(rng: random.Random) -> bytes:
    """An archive that is whole, of arrays one of which is not; its header comes first."""
    arrays = members()
    name = rng.choice([*arrays])
    return packed(arrays | {name: damaged(arrays[name][:128], rng) + arrays[name][128:]}, zipfile.ZIP_STORED)


METHODS = {"deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "LZMA": zipfile.ZIP_LZMA}
WHOLE = {"npz": npz(), "csv": csv(long()), "parquet": parquet(long())}
WHOLE |= {f"npz, {name}": packed(members(), method) for name, method in METHODS.items()}
DAMAGED = {name: partial(damaged, whole) for name, whole in WHOLE.items()} | {"npz, an array": damaged_member}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.filterwarnings("ignore:Reading `.npy`:UserWarning")
def test_whatever_has_come_to_a_file_it_is_read_or_refused(name: str) -> None:
    rng, refused = random.Random(0), 0
    for _ in range(600):
        try:
            read(DAMAGED[name](rng))
        except DataError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused
    if name in WHOLE:
        assert encoded(read(WHOLE[name])) == encoded(read(npz()))


def test_size_is_bounded_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.recorded.tabular.MAX_ROWS", 200)
    for content in (csv(long()), parquet(long())):
        with pytest.raises(DataError, match="rows: at most 200; got 24"):
            read(content)
    monkeypatch.setattr(bounded, "MAX_BYTES", 1000)
    with pytest.raises(DataError, match=r"a file of at most 0 MB; got 0 MB"):
        read(npz())


def test_a_small_table_that_is_large_when_it_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {number: letter * 100_000 for number, letter in enumerate("abc")}
    content = parquet(long(words))
    assert len(content) < 1_000_000
    monkeypatch.setenv("TRAINSCOPE_MODE", "public")
    with pytest.raises(DataError, match=r"^recording: at most 100 MB unpacked; got \d{3} MB"):
        read(parquet(long({number: word * 10 for number, word in words.items()})))
    assert read(content).classes == 3, "and this much is read"
    with pytest.raises(DataError, match="at most 100 MB unpacked"):
        read(bomb())


def test_nothing_is_ever_unpickled() -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return (pytest.fail, ("it was unpickled",))

    for content in (pickle.dumps(Trap()), objects()):
        with pytest.raises(DataError):
            read(content)


def test_a_recording_has_no_more_than_it_says() -> None:
    with pytest.raises(DataError, match="train_labels: a label for every point of train_inputs; got none"):
        Recorded(steps=STEPS, predictions=PREDICTIONS, labels=LABELS, train_inputs=np.zeros((5, 2)))
