"""Named binary tasks as arrays: what they are, where their files lie, and how a training set is drawn."""

from core.datasets.catalogue import CATALOGUE, TEST_POINTS, DataError, Dataset, Source, Task
from core.datasets.fetch import download
from core.datasets.own import read_csv, register_csv
from core.datasets.tasks import load, missing, pictures, training_rows

__all__ = [
    "CATALOGUE",
    "TEST_POINTS",
    "DataError",
    "Dataset",
    "Source",
    "Task",
    "download",
    "load",
    "missing",
    "pictures",
    "read_csv",
    "register_csv",
    "training_rows",
]
