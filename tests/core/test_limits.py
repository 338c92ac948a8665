"""What a host allows: defaults of two modes, environment variables, and the sentence that refuses a training."""

from dataclasses import fields

import pytest

from core.limits import NONE, Limits, table, variable
from core.studies.depths.experiment import Depths
from core.studies.explorer.experiment import Explorer
from core.study import presets
from core.values import ExperimentError


def test_a_mode_sets_what_no_variable_does() -> None:
    assert Limits.of({}) == Limits() == Limits.of({"TRAINSCOPE_MODE": "personal"})
    public = Limits.of({"TRAINSCOPE_MODE": "public", "TRAINSCOPE_WIDTH": "64"})
    assert (public.data_folders, public.downloads, public.private_uploads, public.width) == (0, 0, 1, 64)
    for name in ("runs", "job_seconds", "waiting", "waiting_each", "upload_bytes", "left_seconds"):
        assert getattr(public, name) < getattr(Limits(), name)


@pytest.mark.parametrize(
    ("name", "text"),
    [("TRAINSCOPE_MODE", "private"), ("TRAINSCOPE_WIDTH", "-1"), ("TRAINSCOPE_RUNS", "many"), ("TRAINSCOPE_RUNS", "²")],
)
def test_a_wrong_variable_is_one_sentence(name: str, text: str) -> None:
    with pytest.raises(ExperimentError, match=rf"^{name}: (one of|a whole number).*; got .*\.$"):
        Limits.of({name: text})


def test_a_training_beyond_a_limit_is_refused_with_what_is_allowed() -> None:
    allowed = Limits(width=64, depth=2, runs=20, job_seconds=60)
    one = Explorer(alphas=(1.0,), temperatures=(0.1,), width=64)
    assert allowed.refusal(one, 60) == ""
    assert allowed.refusal(one, 61) == "A training may take 60 s on this host; this one takes about 61 s."
    assert allowed.refusal(Explorer(width=64), 1) == "runs: at most 20 on this host; got 144."
    assert allowed.refusal(Explorer(width=65), 1) == "width: at most 64 on this host; got 65."
    assert allowed.refusal(Depths(depths=(1, 3)), 1) == "depth: at most 2 on this host; got 3."


def test_public_limits_allow_the_sizes_of_every_preset() -> None:
    public = Limits.of({"TRAINSCOPE_MODE": "public"})
    assert [name for name, preset in presets().items() if public.refusal(preset.experiment, 1)] == []


def test_the_table_names_every_variable() -> None:
    head, *lines = table()
    assert head.split()[:3] == ["variable", "personal", "public"]
    assert [line.split()[0] for line in lines] == [variable(one.name) for one in fields(Limits)]
    assert str(NONE) not in "".join(lines)
