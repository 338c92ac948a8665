"""Experiments: frozen values that say everything a training depends on, and nothing else.

An experiment validates and normalizes itself when it is made, and its `digest` names its results: same experiment, same
digest, same bytes. Only the standard library is imported here, so that a page can make one for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from core.field import checked, declared, word
from core.values import ExperimentError

SCHEMA = 1
"""Raised when the meaning of a field or the physics behind it changes, so that old results are never served as new."""
NO_TABLE = "0" * 64
"""Stands for the table that a person brings."""
FEW_ROWS = 64
"""Training points of such a table until the person says how many."""


def own_table() -> Any:
    """Return the field `csv_digest` of an experiment that may be on a person's own table."""
    return word(
        "",
        r"([0-9a-f]{64})?",
        "the 64 hex digits of a loaded file with dataset csv, empty otherwise",
        label="SHA-256 of the table",
        section="Data",
        hidden=True,
    )


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What the experiments of all studies have in common; a study's own is a final class of plain fields."""

    study: ClassVar[str]
    """The study's one name."""
    stored_as: ClassVar[str] = ""
    """The study's name in digests and files, where it is not `study`: results that exist keep theirs."""

    added: ClassVar[Mapping[str, Any]] = {}
    """Fields that came after results were stored, and the value of each that these have. Canonical JSON leaves a field
    out where it has this value, whatever its default is, so that results that exist keep their digests."""

    def __post_init__(self) -> None:
        checked(self)
        self.settle()

    def settle(self) -> None:
        """Refuse settings that do not go together, and give those of no meaning one value: one digest a training."""

    def check_own_table(self) -> None:
        """Refuse the data set of a person's own table without one, and a table with any other."""
        digest = getattr(self, "csv_digest", "")
        if (self.trained_on_files == "csv") != bool(digest):
            raise ExperimentError("csv_digest", declared(type(self))["csv_digest"].allowed, digest)

    def _set(self, name: str, value: object) -> None:
        """Give a field another value while the experiment is being made."""
        object.__setattr__(self, name, value)

    @classmethod
    def stored_name(cls) -> str:
        """Return the study's name in digests and files."""
        return cls.stored_as or cls.study

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(to_json(self).encode()).hexdigest()[:32]

    @property
    def runs(self) -> int:
        """How many networks are trained."""
        raise NotImplementedError

    @property
    def step_limit(self) -> int:
        """How many steps a run takes at most."""
        raise NotImplementedError

    @property
    def uploads(self) -> tuple[str, ...]:
        """The names of the files that it is of, in the folder of what people have brought."""
        table = getattr(self, "csv_digest", "")
        return (f"{table}.csv",) if table else ()

    @property
    def trained_on_files(self) -> str:
        """The name of the data set that is trained on, if there is one to name."""
        return str(getattr(self, "dataset", ""))


@dataclass(frozen=True, kw_only=True)
class Untrained(Experiment):
    """What a view that needs no training has in the place of an experiment."""

    study: ClassVar[str] = "none"

    @property
    def runs(self) -> int:
        """None are trained."""
        return 0

    @property
    def step_limit(self) -> int:
        """There is one snapshot, at step 0."""
        return 0


Kind = TypeVar("Kind", bound=Experiment)


def to_json(experiment: Experiment) -> str:
    """Return canonical JSON of all fields, the study and the schema number."""
    own = {name: value for name, value in asdict(experiment).items() if experiment.added.get(name, ...) != value}
    record = {"study": experiment.stored_name(), "schema": SCHEMA, **own}
    return json.dumps(record, sort_keys=True, separators=(",", ":"))


def digest(experiment: Experiment) -> str:
    """Return the name of the experiment's results: 32 hex digits of the SHA-256 of its canonical JSON."""
    return experiment._digest  # found once: a page asks for it dozens of times a rerun


def with_settings(experiment: Kind, settings: Mapping[str, str]) -> Kind:
    """Return `experiment` with fields set from text, as a command line or a link gives them.

    A list is comma-separated; a number may be a power such as `2^-3`; `2^-8..2^10/12` is a grid of 12 powers of two.

    Raises:
        ExperimentError: unknown field, or a value that is not allowed.
    """
    known = declared(type(experiment))
    changes: dict[str, Any] = {}
    for name, text in settings.items():
        if name not in known:
            raise ExperimentError(name, f"no such field; the fields are {', '.join(known)}", text)
        changes[name] = known[name].read(name, text)
    return replace(experiment, **changes)
