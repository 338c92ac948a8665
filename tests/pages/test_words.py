"""How what did not come from us is written: as it is, and as no link."""

import re

from pages.shared.words import plain


def test_an_address_that_came_from_elsewhere_is_no_link() -> None:
    for text in ("https://example.org/x", "see www.example.org", "me@example.org", "HTTP://A.B"):
        said = plain(text)
        assert not re.search(r"://|www\.|@\w", said, re.IGNORECASE)
        assert said.replace("\u2060", "").replace("\\", "") == text
    assert plain("a: b/c") == "a: b/c"
