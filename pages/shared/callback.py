"""Callbacks that are carried out whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from streamlit.runtime.scriptrunner import RerunException

Given = ParamSpec("Given")


def to_its_end(callback: Callable[Given, None]) -> Callable[Given, None]:
    """Return a callback that a newer message of the browser does not end.

    Streamlit ends a script at any access to the session once something newer has happened in the browser: the player
    has come to rest, say. It ends callbacks, too, takes that for a `st.rerun` of their own, and does not call them
    again: a press just before such a message would be lost. So what was ended is begun once more, and the newer
    message is handed on after it. What a callback does must bear to be begun twice: it reads first and writes last.
    """

    @wraps(callback)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> None:
        newer: RerunException | None = None
        while True:
            try:
                callback(*args, **kwargs)
                break
            except RerunException as ended:
                newer = ended
        if newer is not None:
            raise newer

    return run
