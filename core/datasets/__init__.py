"""Named tasks as arrays: what they are, where their files lie, and how a training set is drawn."""

from core.datasets.catalogue import CATALOGUE, TEST_POINTS, DataError, Dataset, Source, Task
from core.datasets.fetch import download
from core.datasets.own import content_of, read_csv, register, register_csv
from core.datasets.own_choice import REST, Cells, Choice, cells_of, chosen, usual
from core.datasets.own_words import described, held, keep_name, leave_out, name_of, warned
from core.datasets.tasks import load, missing, pictures, training_rows

__all__ = [
    "CATALOGUE",
    "REST",
    "TEST_POINTS",
    "Cells",
    "Choice",
    "DataError",
    "Dataset",
    "Source",
    "Task",
    "cells_of",
    "chosen",
    "content_of",
    "described",
    "download",
    "held",
    "keep_name",
    "leave_out",
    "load",
    "missing",
    "name_of",
    "pictures",
    "read_csv",
    "register",
    "register_csv",
    "training_rows",
    "usual",
    "warned",
]
