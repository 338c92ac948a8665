"""The experiment on complexity: what it allows, and that a field of no meaning makes no second experiment."""

from __future__ import annotations

import pytest

from core.experiment import digest, to_json, with_settings
from core.studies.complexity.experiment import Complexity
from core.study import from_json
from core.values import ExperimentError


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"dataset": "mist"}, "dataset: one of two_moons"),
        ({"network": "resnet"}, "network: one of mlp, cnn; got 'resnet'."),
        ({"network": "cnn", "dataset": "sinusoid"}, "network: mlp, as sinusoid has no images; got 'cnn'."),
        ({"network": "cnn", "depth": "5"}, "depth: 1 to 4 convolutions; got 5."),
        ({"depth": "6"}, "depth: a whole number, 0 to 5; got 6.0."),
        ({"label_noise": "0.6"}, "label_noise: a number, 0 to 0.5; got 0.6."),
        ({"learning_rate": "nan"}, "learning_rate: a finite number; got 'nan'."),
        ({"learning_rate": "0"}, "learning_rate: a number, 1e-06 to 10; got 0.0."),
        ({"seeds": "1,1"}, "seeds: 1 to 9 different whole numbers, each 0 to 2147483647; got (1.0, 1.0)."),
        ({"seeds": ""}, "seeds: 1 to 9 different whole numbers"),
        ({"batch_size": "1000"}, "batch_size: at most n_train = 898; got 1000."),
        ({"csv_digest": "abc"}, "csv_digest: the 64 hex digits of a loaded file with dataset csv"),
        ({"dataset": "csv"}, "csv_digest: the 64 hex digits of a loaded file with dataset csv"),
        ({"colour": "red"}, "colour: no such field"),
    ],
)
def test_a_wrong_field_gets_one_sentence(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ExperimentError) as error:
        with_settings(Complexity(), settings)
    assert str(error.value).startswith(said)


def test_filters_mean_nothing_to_an_mlp() -> None:
    assert digest(Complexity(filters=8)) == digest(Complexity())
    assert digest(Complexity(network="cnn", filters=8)) != digest(Complexity(network="cnn"))


def test_json_round_trip() -> None:
    experiment = Complexity(dataset="mnist_halves", network="cnn", depth=4, seeds=(3, 1), label_noise=0.1)
    assert from_json(to_json(experiment)) == experiment
