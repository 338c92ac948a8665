"""The pages' fixtures: a place of each test's own, and trainings that end as soon as they are asked for."""

from tests.pages.conftest import asked, own_place, packages_read_once

__all__ = ["asked", "own_place", "packages_read_once"]
