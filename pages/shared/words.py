"""How the pages write what did not come from us."""

from __future__ import annotations

import re

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+|~$!])")


def plain(text: str) -> str:
    """Return Markdown that shows `text` as it is: a link or a file may hold an image's address or a colour's name."""
    return MARKDOWN.sub(r"\\\1", text)
