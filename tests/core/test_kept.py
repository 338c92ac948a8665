"""What is kept in memory: within its bound, least recently used first, made once."""

import threading
import time

import numpy as np
import pandas as pd
import pytest

import core
from core.kept import Kept
from core.part import Shown


def test_the_least_recently_used_makes_room_and_the_last_asked_for_stays() -> None:
    made: list[str] = []

    def value(name: str, size: int) -> bytes:
        return kept.get(name, lambda: made.append(name) or bytes(size))  # type: ignore[func-returns-value]

    kept = Kept[bytes](lambda: 100, len)
    value("a", 40), value("b", 40), value("a", 40), value("c", 40)
    assert kept.bytes == 80
    value("a", 40), value("c", 40), value("b", 40)
    assert made == ["a", "b", "c", "b"]
    assert len(value("large", 500)) == 500
    assert (kept.bytes, len(kept)) == (500, 1)
    value("a", 40)
    assert kept.bytes == 40
    kept.forget("a"), kept.forget("a")
    assert kept.bytes == len(kept) == 0


def test_a_value_that_grows_counts_as_it_is() -> None:
    kept = Kept[bytearray](lambda: 100, len)
    kept.get("a", lambda: bytearray(10)).extend(bytes(70))
    assert kept.bytes == 10
    kept.get("b", lambda: bytearray(40))
    kept.get("a", bytearray)
    assert kept.bytes == 80


def test_many_who_ask_at_once_have_it_made_once() -> None:
    def make() -> int:
        made.append(1)
        time.sleep(0.05)
        return 7

    kept, made, found = Kept[int](lambda: 100, lambda value: 1), list[int](), list[int]()
    threads = [threading.Thread(target=lambda: found.append(kept.get("a", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [7] * 8
    assert made == [1]


def test_what_cannot_be_made_can_be_asked_for_again() -> None:
    kept = Kept[int](lambda: 100, lambda value: 1)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 // 0)
    assert kept.get("a", lambda: 2) == 2


def test_names_that_came_once_are_not_remembered() -> None:
    kept = Kept[int](lambda: 3, lambda value: 1)
    for name in range(1000):
        kept.get(name, lambda: 0)
    assert len(kept) == 3
    assert len(kept._making) < 100


def test_what_a_trajectory_holds_grows_by_what_is_made_of_it_and_no_more() -> None:
    shown = Shown(core.load("explorer/digits").trajectory)
    before = shown.bytes
    assert before >= sum(shown.trajectory[name].nbytes for name in shown.trajectory.axes)
    table = shown.once(("test", "table"), lambda: pd.DataFrame({"step": np.arange(1000), "name": ["run"] * 1000}))
    array = shown.once(("test", "array"), lambda: np.zeros(500))
    grown = shown.bytes
    assert grown - before == int(table.memory_usage().sum()) + array.nbytes
    shown.once(("test", "array"), lambda: np.zeros(10_000))  # kept: not made again
    shown.once(("test", "word"), lambda: "no table")
    assert shown.bytes == grown
