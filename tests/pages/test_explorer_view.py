"""The link codec: every view survives its own link, and no link, however broken, gives more than sentences."""

import math
import random
import string
from collections.abc import Mapping
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from core.studies.explorer.experiment import LIMITS
from core.study import presets
from core.values import log2_grid
from pages.explorer.view import (
    CHOICES,
    LINK_SCHEMA,
    RANGES,
    Settings,
    View,
    differences,
    from_query,
    to_query,
)

EXPLORER = [name for name in presets() if name.startswith("explorer/")]
RUN_FIELDS = [f.name for f in fields(Settings)]
DIGEST = "0123456789abcdef" * 4


def powers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers on the grid of exponents with two decimals, and any others."""
    exact = st.integers(math.ceil(low * 100), math.floor(high * 100)).map(lambda e: 2.0 ** (e / 100))
    return exact | st.floats(2.0**low, 2.0**high, allow_nan=False)


@st.composite
def runs(draw: st.DrawFn) -> Settings:
    n_train = draw(st.integers(8, 8192))
    dataset = draw(st.sampled_from(CHOICES["dataset"]))
    point = st.integers(0, n_train - 1)
    line = draw(st.just(()) | st.tuples(point, point).filter(lambda two: two[0] != two[1]))
    return Settings(
        dataset=dataset,
        csv=DIGEST if dataset == "csv" else "",
        n_train=n_train,
        width=draw(st.integers(1, 1024)),
        depth=draw(st.integers(1, 5)),
        activation=draw(st.sampled_from(CHOICES["activation"])),
        batch_size=draw(st.integers(1, n_train)),
        seed=draw(st.integers(0, 2**31 - 1)),
        alpha=draw(powers(-14, 15)),
        temperature=draw(powers(-24, 6)),
        step_limit=draw(st.integers(1, 200_000)),
        line=line,
        coldest=draw(st.integers(-2400, -300).map(lambda e: e / 100)),
    )


@st.composite
def views(draw: st.DrawFn) -> View:
    return View(
        run=draw(runs()),
        colour=draw(st.sampled_from(CHOICES["colour"])),
        when=draw(st.sampled_from(CHOICES["when"])),
        axis=draw(st.sampled_from(CHOICES["axis"])),
        step=draw(st.none() | st.integers(0, 200_000)),
        pinned=draw(st.none() | runs()),
    )


@given(views())
@examples(max_examples=300)
def test_every_view_survives_its_link(view: View) -> None:
    query = to_query(view)
    assert all(isinstance(text, str) for text in query.values())
    assert query["v"] == str(LINK_SCHEMA)
    assert from_query(query) == (view, [])


@pytest.mark.parametrize("name", EXPLORER)
def test_every_preset_survives_its_link(name: str) -> None:
    run = Settings.of(presets()[name].experiment)
    view = View(run=run, step=20_000, pinned=Settings(), colour="outcome", when="played step", axis="linear")
    assert from_query(to_query(view)) == (view, [])
    assert run.plane() == presets()[name].experiment, "the preset's button leads to the preset's plane"
    assert run.alpha in run.plane().alphas
    assert run.temperature in run.plane().temperatures


def test_a_link_names_every_setting_so_that_defaults_may_change() -> None:
    query = to_query(View())
    assert set(RUN_FIELDS) - {"line", "csv"} | {"v", "colour", "when", "axis"} == set(query)


def test_no_query_is_the_default_view() -> None:
    assert from_query({}) == (View(), [])


@pytest.mark.parametrize("version", ["0", "2", "", "1.0", " 1", "one", "9" * 100_000, "1;1"])
def test_a_link_of_another_schema_is_not_guessed_at(version: str) -> None:
    view, said = from_query({"v": version, "width": "16"})
    assert view == View()
    assert len(said) == 1
    assert said[0].startswith("v: ")
    assert len(said[0]) < 200


NUMBERS = ("n_train", "width", "depth", "batch_size", "seed", "step_limit", "alpha", "temperature", "coldest", "step")
BAD_NUMBERS = ("nan", "inf", "-inf", "-1", "1e999", "", " ", "x", "2^x", "^", "0x10", "1,5", "٣²", "(-2)^0.5", "0^-1")


@pytest.mark.parametrize("name", NUMBERS)
def test_each_number_out_of_range_is_named_with_what_is_allowed(name: str) -> None:
    asked = View(run=Settings(width=32, seed=7), colour="steps", axis="linear")
    bounds = RANGES[name]
    for bad in (*BAD_NUMBERS, repr(bounds.high + abs(bounds.high) + 1), repr(bounds.low - 1), "9" * 100_000):
        query = to_query(asked) | {name: bad}
        view, said = from_query(query)
        assert len(said) == 1, (bad[:20], said)
        assert said[0].startswith(f"{name}: "), bad[:20]
        assert said[0].endswith(".")
        assert len(said[0]) < 250
        kept = getattr(View() if name == "step" else Settings(), name)
        if name == "step":
            assert view == replace(asked, step=kept)
        else:
            assert view == replace(asked, run=replace(asked.run, **{name: kept}))


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_an_unknown_choice_is_named_with_the_choices(name: str) -> None:
    for bad in ("", "none", "RELU ", "ℓog", "a" * 100_000):
        view, said = from_query(to_query(View(run=Settings(depth=3))) | {name: bad})
        assert len(said) == 1
        assert said[0].startswith(f"{name}: one of ")
        assert view.run.depth == 3


def test_the_whole_of_a_number_field_must_be_whole() -> None:
    assert from_query({"width": "16.5"})[1][0].startswith("width: a whole number")
    assert from_query({"width": "2^4"})[0].run.width == 16
    assert from_query({"alpha": "2^0.5"})[0].run.alpha == 2**0.5


@pytest.mark.parametrize(
    ("broken", "named", "kept"),
    [
        ({"batch_size": "600"}, "batch_size", {"batch_size": 16}),
        ({"n_train": "8"}, "batch_size", {"n_train": 8, "batch_size": 8}),
        ({"line": "3-3"}, "line", {"line": ()}),
        ({"line": "3-4000"}, "line", {"line": ()}),
        ({"csv": DIGEST}, "csv", {"csv": ""}),
        ({"dataset": "csv"}, "csv", {"dataset": "digits_parity", "csv": ""}),
        ({"dataset": "csv", "csv": "../../etc/passwd"}, "csv", {"dataset": "digits_parity", "csv": ""}),
    ],
)
def test_settings_that_do_not_go_together_cost_one_of_them(
    broken: dict[str, str], named: str, kept: dict[str, object]
) -> None:
    asked = Settings(width=32, alpha=4.0, temperature=2.0**-7)
    view, said = from_query(to_query(View(run=asked)) | broken)
    assert len(said) == 1
    assert said[0].startswith(named)
    assert view == View(run=replace(asked, **kept))


def test_three_settings_that_do_not_go_together() -> None:
    query = to_query(View(run=Settings(depth=4))) | {"batch_size": "600", "line": "0-0", "csv": "x"}
    view, said = from_query(query)
    assert [sentence.partition(":")[0] for sentence in said] == ["line", "batch_size", "csv_digest"]
    assert view == View(run=Settings(depth=4))


def test_unknown_names_are_named_and_change_nothing() -> None:
    view, said = from_query(
        to_query(View()) | {"run": "1", "pinned": "2", "__class__": "3", "x" * 100_000: "4", "": "5"}
    )
    assert view == View()
    assert len(said) == 5
    assert all("no such setting" in sentence and len(sentence) < 120 for sentence in said)


@pytest.mark.parametrize(
    "pin",
    [
        "",
        ";;;",
        ":::",
        "garbage",
        "alpha",
        "alpha:",
        "alpha:nan",
        "width:1e9;depth:2",
        "batch_size:600",
        "dataset:csv",
        "a:b:c;d:e;" * 10_000,
        "\x00:\x00",
        "width:16;width:0",
    ],
)
def test_a_broken_pin_is_one_sentence_and_no_pin(pin: str) -> None:
    view, said = from_query(to_query(View(run=Settings(width=32))) | {"pin": pin})
    assert len(said) == 1
    assert said[0].startswith("pin: ")
    assert len(said[0]) < 200
    assert view == View(run=Settings(width=32))


def hostile(rng: random.Random) -> str:
    """One value as a hand, a program or an enemy may write it."""
    kind = rng.randrange(9)
    if kind == 0:
        return rng.choice(["nan", "-inf", "inf", "NaN", "1e400", "-1e400", "-0", "1e-400", "2^1e9", "2^-1e9", "1_0"])
    if kind == 1:
        return "".join(rng.choice(string.printable) for _ in range(rng.randrange(60)))
    if kind == 2:
        return "".join(chr(rng.choice([rng.randrange(0xD800), rng.randrange(0xE000, 0x110000)])) for _ in range(20))
    if kind == 3:
        return rng.choice([";", ":", "&", "=", ",", "^", "-", "..", "%00", "\n"]) * rng.randrange(1, 400)
    if kind == 4:
        return str(rng.choice([-1, 1]) * 10 ** rng.randrange(300))
    if kind == 5:
        return repr(rng.uniform(-1, 1) * 10 ** rng.randrange(-300, 300))
    if kind == 6:
        return rng.choice("9aé٣ ;:") * 100_000
    if kind == 7:
        return "\ud800" + "\x00" * 3
    return rng.choice([text for choice in CHOICES.values() for text in choice])


def hostile_query(rng: random.Random) -> dict[str, str]:
    query = to_query(View(pinned=Settings())) if rng.random() < 0.7 else {}
    names = [*RUN_FIELDS, "colour", "when", "axis", "step", "pin", "junk", "wïdth", ""]
    for name in rng.sample(names, rng.randrange(1, 6)):
        query[name] = hostile(rng)
    if rng.random() < 0.1:
        query["v"] = hostile(rng)
    if rng.random() < 0.2:
        words = [f"{rng.choice(names)}:{hostile(rng)}" for _ in range(rng.randrange(1, 6))]
        query["pin"] = ";".join(words)
    return query


def check_valid(view: View) -> None:
    """A view that the page can show as it stands."""
    for run in filter(None, (view.run, view.pinned)):
        run.plane()
        run.point()
        for name, bounds in LIMITS.items():
            assert bounds.low <= getattr(run, name) <= bounds.high
    for name in ("colour", "when", "axis"):
        assert getattr(view, name) in CHOICES[name]
    assert view.step is None or 0 <= view.step <= LIMITS["step_limit"].high
    assert from_query(to_query(view)) == (view, [])


def complaints(query: Mapping[str, str], said: list[str]) -> None:
    assert len(said) <= len(query) + 3
    for sentence in said:
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert len(sentence) < 400


def test_hostile_links_give_valid_views_and_sentences() -> None:
    rng = random.Random(20)
    for _ in range(600):
        query = hostile_query(rng)
        view, said = from_query(query)
        check_valid(view)
        complaints(query, said)


@given(st.dictionaries(st.sampled_from([*RUN_FIELDS, "step", "pin", "v", "axis"]) | st.text(), st.text()))
@examples(max_examples=300)
def test_random_text_gives_valid_views_and_sentences(query: dict[str, str]) -> None:
    view, said = from_query(query)
    check_valid(view)
    complaints(query, said)


def test_differences_name_each_setting_both_ways() -> None:
    one = Settings()
    other = replace(one, width=128, alpha=log2_grid(-8, 10, 12)[9], dataset="two_moons", line=(3, 17))
    words = differences(one, other)
    assert len(words) == 4
    assert any(word == "width 128 (here 64)" for word in words)
    assert any(word.startswith("α ") for word in words)
    assert any("Two moons (here Small digits, even or odd)" in word for word in words)
    assert any("through 3 and 17 (here through the class means)" in word for word in words)
    assert differences(one, one) == []


@given(runs(), runs())
def test_differences_are_there_exactly_when_runs_differ(one: Settings, other: Settings) -> None:
    same = replace(one, coldest=0.0) == replace(other, coldest=0.0)  # the plane around a run is no part of it
    assert bool(differences(one, other)) == (not same)
    assert len(differences(one, other)) == len(differences(other, one))
