"""A visit to one of the app's pages as Streamlit runs it, without a browser, and what can be read from it."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_BYTES = 2_600_000


def open_page(page: str, **query: str) -> AppTest:
    """Open the app on a page (`pages/kinks.py`), by a link with these parameters."""
    at = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=30)
    at.switch_page(page)
    for name, text in query.items():
        at.query_params[name] = text
    return fine(at.run())


def fine(at: AppTest) -> AppTest:
    assert not at.exception, [(error.message, error.stack_trace) for error in at.exception]
    return at


def refuse(word: str) -> float:
    raise AssertionError(f"{word} is not JSON")


def player(at: AppTest, most: int = MOST_BYTES) -> dict[str, Any]:
    """The payload of the player on the page, its charts by their ids, with the rows in their tables."""
    parts = [part.proto for part in at.get("bidi_component") if part.proto.component_name == "player.charts"]
    assert len(parts) == 1
    assert len(parts[0].bytes) < most
    payload: dict[str, Any] = json.loads(parts[0].bytes, parse_constant=refuse)
    for chart in payload["charts"]:
        for table in chart["tables"].values():
            table["rows"] = payload["rows"][table["version"]]
    payload["charts"] = {chart["id"]: chart for chart in payload["charts"]}
    return payload


def charts(at: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = player(at)["charts"]
    return found


def link(at: AppTest) -> dict[str, str]:
    """The link that the page writes into the address."""
    found: dict[str, str] = at.session_state["link"]
    return found


def sentences(at: AppTest) -> str:
    """What boxes and captions say, without Markdown's backslashes."""
    boxes = [*at.error, *at.warning, *at.info, *at.caption]
    return "\n".join(box.value for box in boxes).replace("\\", "")
