"""Values kept in memory within a bound of bytes, each made once however many ask for it at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by name; beyond the bound the least recently used is dropped, but never the one just asked for."""

    def __init__(self, bound: Callable[[], int], size: Callable[[Value], int]) -> None:
        """Begin with nothing.

        Args:
            bound: how many bytes are kept.
            size: the bytes of a value, which is asked again whenever the value is: it may have grown.
        """
        self._bound, self._size = bound, size
        self._values: dict[Hashable, Value] = {}
        self._sizes: dict[Hashable, int] = {}
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a name, which is made if it is not kept."""
        with self._lock:
            making = self._making.setdefault(name, threading.Lock())
        with making:
            with self._lock:
                there, value = name in self._values, self._values.get(name)
            made: Value = value if there else make()  # type: ignore[assignment]
            size = self._size(made)
            with self._lock:
                self._values.pop(name, None)
                self._values[name] = made  # the last used comes last
                self._sizes[name] = size
                self._drop(name)
        return made

    def forget(self, name: Hashable) -> None:
        """Drop a value."""
        with self._lock:
            self._values.pop(name, None)
            self._sizes.pop(name, None)

    def clear(self) -> None:
        """Drop all values."""
        with self._lock:
            self._values.clear()
            self._sizes.clear()

    @property
    def bytes(self) -> int:
        """How many bytes are kept."""
        with self._lock:
            return sum(self._sizes.values())

    def __len__(self) -> int:
        return len(self._values)

    def _drop(self, name: Hashable) -> None:
        excess = sum(self._sizes.values()) - self._bound()
        for other in [one for one in self._values if one != name]:
            if excess <= 0:
                break
            del self._values[other]
            excess -= self._sizes.pop(other)
        if len(self._making) > 4 * len(self._values) + 64:
            self._making = {one: lock for one, lock in self._making.items() if one in self._values or lock.locked()}
