"""Experiments: what is allowed, what the refusal says, and that text, JSON and digest say the same experiment."""

import contextlib
import json
import math
import pickle
from dataclasses import FrozenInstanceError, asdict, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.choices import ACTIVATIONS, DATASETS
from core.experiment import SCHEMA, digest, to_json, with_settings
from core.field import declared
from core.studies.explorer.experiment import Explorer
from core.study import from_json
from core.values import ExperimentError, as_text, log2_grid, parse_number, parse_numbers

DIGEST = "0123456789abcdef" * 4

BAD = {
    "dataset": ["", "mnist", "CSV", None, 3, ["digits_parity"]],
    "activation": ["", "tanh", "ReLU", None, 1],
    "n_train": [0, 7, 8193, -8, 16.5, math.nan, math.inf, "64", None, True, [64], 1e300],
    "width": [0, 1025, -1, 2.5, math.nan, -math.inf, "8", None, True],
    "depth": [0, 6, 1.5, math.nan, "1", None, True],
    "batch_size": [0, -1, 513, 8193, 0.5, math.nan, "16", None, False],
    "step_limit": [0, 200_001, 1.5, math.nan, math.inf, "9", None, True],
    "alphas": [(), [], 1.0, None, "1", ("1",), (None,), (0.0,), (-1.0,), (math.nan,), (math.inf,), (2.0**16,)],
    "alphas ": [(2.0**-15,), (2.0, 1.0), (1.0, 1.0), (1, True), {1.0}, ((1.0,),)],
    "temperatures": [(), 1.0, None, ("1",), (0,), (-1.0,), (math.nan,), (math.inf,), (2.0**7,), (2.0**-25,)],
    "temperatures ": [(0.2, 0.1), (0.1, 0.1), ([0.1],)],
    "seeds": [(), 0, None, (-1,), (2**31,), (0, 0), (0, 0.0), (0.5,), ("0",), (True,), tuple(range(10)), ([0], [1])],
    "seeds ": [(math.nan,), ({},)],
    "line": [(1,), (1, 2, 3), (1, 1), (1, 1.0), (0, 512), (-1, 0), (0.5, 1), ("0", "1"), None, 3, ([0], [1]), "01"],
    "csv_digest": [DIGEST, "junk", None, 0, b"", []],
}


@pytest.mark.parametrize(("name", "value"), [(name.strip(), value) for name, values in BAD.items() for value in values])
def test_a_field_out_of_its_range_is_named_with_what_is_allowed_and_what_came(name: str, value: object) -> None:
    with pytest.raises(ExperimentError) as caught:
        Explorer(**{name: value})  # type: ignore[arg-type]
    message = str(caught.value)
    assert caught.value.field == name
    assert message.startswith(f"{name}: ")
    assert "; got " in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 500


def test_every_field_has_bad_values_above() -> None:
    assert {name.strip() for name in BAD} == {f.name for f in fields(Explorer)}


@pytest.mark.parametrize("value", ["", "a" * 63, "A" * 64, "g" * 64, int("1" * 64), None, DIGEST + "\n"])
def test_the_dataset_csv_needs_the_digest_of_a_file(value: object) -> None:
    assert Explorer(dataset="csv", csv_digest=DIGEST).csv_digest == DIGEST
    with pytest.raises(ExperimentError, match="csv_digest: the 64 hex digits"):
        Explorer(dataset="csv", csv_digest=value)  # type: ignore[arg-type]


def test_limits_are_part_of_the_range() -> None:
    low, high = ({name: bounds[i] for name, bounds in _bounds().items()} for i in (0, 1))
    smallest = Explorer(n_train=int(low["n_train"]), width=1, depth=1, batch_size=1, step_limit=1, seeds=(0,))
    assert smallest.width == 1
    largest = Explorer(
        n_train=int(high["n_train"]),
        width=int(high["width"]),
        depth=int(high["depth"]),
        batch_size=int(high["batch_size"]),
        step_limit=int(high["step_limit"]),
        alphas=(low["alpha"], high["alpha"]),
        temperatures=(low["temperature"], high["temperature"]),
        seeds=(int(high["seed"]),),
        line=(0, int(high["n_train"]) - 1),
    )
    assert largest.runs == 4


def _bounds() -> dict[str, tuple[float, float]]:
    found = {name: (field.bounds.low, field.bounds.high) for name, field in declared(Explorer).items()}
    return found | {"alpha": found["alphas"], "temperature": found["temperatures"], "seed": found["seeds"]}


def test_too_many_runs_are_refused() -> None:
    assert Explorer(alphas=log2_grid(-8, 8, 32), temperatures=log2_grid(-9, 0, 32)).runs == 1024
    with pytest.raises(ExperimentError, match=r"at most 1024 runs; got 1056"):
        Explorer(alphas=log2_grid(-8, 8, 33), temperatures=log2_grid(-9, 0, 32))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(list(DATASETS)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(st.text(), inner)
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([f.name for f in fields(Explorer)]), ANYTHING, max_size=3))
def test_whatever_comes_is_refused_by_name_or_made_normal(values: dict[str, object]) -> None:
    try:
        experiment = Explorer(**values)  # type: ignore[arg-type]
    except ExperimentError as error:
        # A field may be refused for what another allows (batch_size and line for n_train, csv_digest for dataset).
        assert error.field in (*values, "batch_size", "csv_digest", "alphas x temperatures x seeds")
        return
    assert from_json(to_json(experiment)) == experiment
    for name, value in asdict(experiment).items():
        assert type(value) is type(getattr(Explorer(), name))


EXPERIMENTS = st.builds(
    Explorer,
    dataset=st.sampled_from([name for name in DATASETS if name != "csv"]),
    n_train=st.integers(32, 8192),
    width=st.integers(1, 1024),
    depth=st.integers(1, 5),
    activation=st.sampled_from(list(ACTIVATIONS)),
    alphas=st.sets(st.floats(2.0**-14, 2.0**15), min_size=1, max_size=4).map(lambda s: tuple(sorted(s))),
    temperatures=st.sets(st.floats(2.0**-24, 2.0**6), min_size=1, max_size=4).map(lambda s: tuple(sorted(s))),
    batch_size=st.integers(1, 32),
    seeds=st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=3, unique=True).map(tuple),
    step_limit=st.integers(1, 200_000),
    line=st.sampled_from([(), (0, 1), (31, 4)]),
)


@given(EXPERIMENTS)
def test_json_and_settings_bring_back_the_experiment(experiment: Explorer) -> None:
    assert from_json(to_json(experiment)) == experiment
    settings = {
        name: ",".join(repr(v) for v in value) if isinstance(value, tuple) else str(value)
        for name, value in asdict(experiment).items()
    }
    assert with_settings(Explorer(), settings) == experiment


class TestDigest:
    def test_numbers_of_one_value_are_one_experiment(self) -> None:
        whole = Explorer(n_train=64, alphas=(1, 2), temperatures=[1], seeds=[3], batch_size=8)  # type: ignore[arg-type]
        floats = Explorer(n_train=64.0, alphas=[1.0, 2.0], temperatures=(1.0,), seeds=(3.0,), batch_size=8.0)  # type: ignore[arg-type]
        assert whole == floats
        assert to_json(whole) == to_json(floats)
        assert digest(whole) == digest(floats)
        assert len(digest(whole)) == 32
        assert set(digest(whole)) <= set("0123456789abcdef")

    def test_every_field_counts(self) -> None:
        others: dict[str, object] = {
            "dataset": "two_moons",
            "n_train": 511,
            "width": 63,
            "depth": 2,
            "activation": "gelu",
            "alphas": (1.0,),
            "temperatures": (0.5,),
            "batch_size": 15,
            "seeds": (1,),
            "step_limit": 19_999,
            "line": (0, 1),
        }
        digests = {digest(replace(Explorer(), **{name: value})) for name, value in others.items()}  # type: ignore[arg-type]
        csv = {digest(Explorer(dataset="csv", csv_digest=character * 64)) for character in "ab"}
        assert len(digests | csv | {digest(Explorer())}) == len(others) + 3
        assert set(others) | {"csv_digest"} == {f.name for f in fields(Explorer)}

    def test_the_schema_counts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before, text = digest(Explorer()), to_json(Explorer())
        for module in ("core.experiment", "core.study"):
            monkeypatch.setattr(f"{module}.SCHEMA", SCHEMA + 1)
        assert digest(Explorer()) != before
        with pytest.raises(ExperimentError, match="schema: "):
            from_json(text)

    def test_a_value_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            Explorer().width = 3  # type: ignore[misc]


def changed(**values: object) -> str:
    return json.dumps(json.loads(to_json(Explorer())) | values)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", "experiment"),
        ("{", "experiment"),
        ("[]", "experiment"),
        ("3", "experiment"),
        ("null", "experiment"),
        ('"text"', "experiment"),
        ("{}", "experiment"),
        ('{"study":"explorer"}', "experiment"),
        ("[" * 100_000, "experiment"),
        (changed(study="other"), "study"),
        (changed(study=["explorer"]), "study"),
        (changed(schema=0), "schema"),
        (changed(schema="1"), "schema"),
        (changed(wings=2), "wings"),
        (changed(width="64"), "width"),
        (changed(width=None), "width"),
        (changed(alphas=[[1.0]]), "alphas"),
        (changed(seeds=[[1]]), "seeds"),
        (changed(seeds={"0": 1}), "seeds"),
        (changed(dataset="csv"), "csv_digest"),
    ],
)
def test_json_that_is_no_experiment_is_refused_by_name(text: str, field: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        from_json(text)
    assert caught.value.field == field
    assert len(str(caught.value)) < 500


class TestSettings:
    def test_text_of_every_kind(self) -> None:
        experiment = with_settings(
            Explorer(),
            {
                "alphas": "2^-8..2^10/4",
                "temperatures": "0.125, 2^-1.5,1",
                "width": "2^5",
                "seeds": "3,1",
                "line": "5,4",
                "dataset": "two_moons",
                "n_train": "1e2",
            },
        )
        assert experiment == Explorer(
            alphas=(2**-8, 2**-2, 2**4, 2**10),
            temperatures=(0.125, 2**-1.5, 1.0),
            width=32,
            seeds=(3, 1),
            line=(5, 4),
            dataset="two_moons",
            n_train=100,
        )
        assert with_settings(experiment, {"line": ""}).line == ()
        assert with_settings(experiment, {}) == experiment

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("wings", "2"),
            ("study", "explorer"),
            ("width", ""),
            ("width", "many"),
            ("width", "nan"),
            ("width", "1.5"),
            ("width", "2^2^2"),
            ("width", "1e999"),
            ("width", "10^999"),
            ("width", "0^-1"),
            ("width", "-8^0.5"),
            ("alphas", ""),
            ("alphas", "1,x"),
            ("alphas", "2,1"),
            ("alphas", "2^-8..2^10/0"),
            ("alphas", "2^5000..2^6000/3"),
            ("alphas", f"2^0..2^{'9' * 400}/3"),
            ("alphas", "2^-1.2.3..2^1/3"),
            ("alphas", "2^1..2^1/3"),
            ("alphas", "2^-8..2^10/9999"),
            ("seeds", "2^0..2^3/5"),
            ("seeds", "0,0"),
            ("line", "3"),
            ("dataset", "mnist"),
            ("csv_digest", "beef"),
        ],
    )
    def test_bad_text_is_refused_by_name(self, name: str, text: str) -> None:
        with pytest.raises(ExperimentError) as caught:
            with_settings(Explorer(), {name: text})
        assert caught.value.field == name

    @given(st.sampled_from([f.name for f in fields(Explorer)]), st.text(max_size=30))
    def test_no_text_raises_anything_else(self, name: str, text: str) -> None:
        with contextlib.suppress(ExperimentError):
            with_settings(Explorer(), {name: text})

    @given(st.text(alphabet="0123456789.^-+eE_ 2/,xinfa", max_size=16))
    def test_number_like_text_gives_finite_numbers_or_the_error(self, text: str) -> None:
        try:
            numbers = (*parse_numbers("alphas", text), parse_number("alphas", text))
        except ExperimentError:
            return
        assert all(math.isfinite(number) for number in numbers)


class TestGrid:
    def test_a_long_grid_of_whole_numbers_is_written_by_its_ends_and_a_short_one_as_a_list(self) -> None:
        batches = tuple(2**power for power in range(12))
        assert as_text(batches) == "2^0..2^11/12"
        assert parse_numbers("batch_size", as_text(batches)) == batches
        assert as_text(batches[3:7]) == "8,16,32,64"

    def test_ends_and_ratios(self) -> None:
        grid = log2_grid(-8, 10, 7)
        assert grid == tuple(2.0**e for e in (-8, -5, -2, 1, 4, 7, 10))
        assert log2_grid(3, 5, 1) == (8.0,)
        assert log2_grid(0, 1, 0) == ()

    def test_a_value_typed_by_hand_is_the_grids(self) -> None:
        for value in log2_grid(-8, 10, 12):
            assert parse_number("alphas", f"2^{math.log2(value):.2f}") == value


def test_temperature_and_learning_rate_are_inverse_and_count_the_width() -> None:
    experiment = Explorer(width=32, batch_size=8)
    assert experiment.learning_rate(2.0**-4) == 2.0**-4 * 8 * 32
    assert experiment.temperature(experiment.learning_rate(0.3)) == pytest.approx(0.3, rel=1e-15)


def test_one_cell_is_a_plane_of_its_own() -> None:
    cell = Explorer(seeds=(4,)).at(alpha=2.0, temperature=0.5)
    assert cell == Explorer(seeds=(4,), alphas=(2.0,), temperatures=(0.5,))
    assert cell.runs == 1


def test_a_digest_is_of_the_fields_however_an_experiment_came_about() -> None:
    first = Explorer(width=64)
    name = digest(first)
    other = replace(first, width=128)
    assert digest(other) == digest(Explorer(width=128)) != name
    assert digest(pickle.loads(pickle.dumps(first))) == name == digest(Explorer(width=64))
    assert first == Explorer(width=64)
    assert to_json(first) == to_json(Explorer(width=64))
