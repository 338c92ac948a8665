"""What a part of a page keeps of a visit, whether or not its widgets are on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.study import Preset

ViewKind = TypeVar("ViewKind")


@dataclass(frozen=True)
class Kept(Generic[ViewKind]):
    """A part's view and controls in the session; its keys begin with `prefix`, for all parts of a visit share one."""

    prefix: str
    from_query: Callable[[Mapping[str, str]], tuple[ViewKind, list[str]]]
    controls: Callable[[ViewKind], Mapping[str, Any]]
    """The values of the controls that show a view, by name."""

    def __getitem__(self, name: str) -> Any:
        """Return the value of a control."""
        return st.session_state[f"{self.prefix}_{name}"]

    def __setitem__(self, name: str, value: object) -> None:
        st.session_state[f"{self.prefix}_{name}"] = value

    @property
    def view(self) -> ViewKind:
        """The view as the controls last had it whole."""
        view: ViewKind = self["kept"]
        return view

    @property
    def link_step(self) -> int | None:
        """The step at which the visit's link rests."""
        step: int | None = st.session_state.get(f"{self.prefix}_link_step")
        return step

    def start(self) -> None:
        """Fill the controls: from the link on a visit's first run, and after a look at something else, as they were."""
        if f"{self.prefix}_kept" not in st.session_state:
            view, self["said"] = self.from_query(st.query_params.to_dict())
            self["link_step"] = getattr(view, "step", None)
            self.show(view)
        for name, value in self.controls(self.view).items():
            st.session_state.setdefault(f"{self.prefix}_{name}", value)  # Streamlit drops widgets that were not drawn

    def show(self, view: ViewKind) -> None:
        """Set every control to `view`."""
        self["kept"] = view
        for name, value in self.controls(view).items():
            self[name] = value

    def keep(self, view: ViewKind) -> ViewKind:
        """Remember what the controls say now, and return it."""
        self["kept"] = view
        return view

    def said(self, about: object) -> list[str]:
        """Return what was wrong with the link or the entry that led to `about`, until the visitor moves on from it."""
        state = st.session_state
        before, sentences = state.get(f"{self.prefix}_notices", (about, []))
        kept = list(sentences) if before == about else []
        if new := state.pop(f"{self.prefix}_said", []):
            kept += new
            self["notices"] = (about, kept)
        return kept

    def presets(self, offered: Mapping[str, Preset[Any]], use: Callable[[Any], None]) -> None:
        """Draw presets as buttons; `use` gets the experiment of the one that is clicked."""
        with st.container(horizontal=True, gap="small", key=f"{self.prefix}-presets"):
            for name, preset in offered.items():
                st.button(
                    preset.title,
                    key=f"preset-{name}",
                    help=preset.sentence,
                    on_click=use,
                    args=(preset.experiment,),
                    type="tertiary",
                )

    def slider(self, label: str, name: str, choices: Iterable[float], form: str, text: str) -> None:
        """Draw a slider over the choices and the present value, which a link may have set between them."""
        present = self[name]
        apart = {value for value in choices if form.format(value) != form.format(present)}  # or two would read the same
        offered = sorted({*apart, present})
        st.select_slider(label, offered, key=f"{self.prefix}_{name}", format_func=form.format, help=text)

    def whole(self, label: str, name: str, low: int, high: int, text: str | None) -> None:
        """Draw a whole-number field; a value that another control has put out of bounds is moved, and that is said."""
        value = self[name]
        if value is None or not low <= value <= high:
            self[name] = low if value is not None and value < low else high
            if value is not None:
                moved = f"{label} is now {self[name]:,}, as the other settings need."
                self["said"] = [*st.session_state.get(f"{self.prefix}_said", []), moved]
        st.number_input(label, low, high, key=f"{self.prefix}_{name}", step=1, help=text)

    def rested(self, frame: int | None) -> None:
        """Remember the step at which the player came to rest, for the link."""
        self["step"] = st.session_state[f"{self.prefix}-player"]["rest"]["step"]


def so_many(count: int, seeds: tuple[int, ...]) -> tuple[int, ...]:
    """Return so many seeds, those of the preset or the link first."""
    more = (seed for seed in range(count + len(seeds)) if seed not in seeds)
    return (*seeds[:count], *(next(more) for _ in range(count - len(seeds))))
