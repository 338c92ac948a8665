"""Tables as files: text that a spreadsheet would compute is made harmless, everything else stays as it is."""

import io

import pandas as pd

from core.tables import to_csv


def test_text_cells_are_no_formulas_for_a_spreadsheet() -> None:
    cells = ["=1+1", "@SUM(A1)", "+A1", "-A1", "\tx", "-1", "+0.5", "-inf", "−1", "plain", "a=b", None]
    table = pd.DataFrame({"text": cells, "number": [-1.5] * len(cells)})
    lines = to_csv(table).decode().splitlines()
    assert lines[0] == "text,number"
    found = [line.rsplit(",", 1)[0].strip('"') for line in lines[1:]]
    assert found == ["'=1+1", "'@SUM(A1)", "'+A1", "'-A1", "'\tx", "-1", "+0.5", "-inf", "−1", "plain", "a=b", ""]
    assert all(line.endswith(",-1.5") for line in lines[1:])


def test_names_that_came_with_a_table_are_those_of_its_columns() -> None:
    names = ["loss, test", '"quoted"', "=cmd|' /c calc'!A1", "plain"]
    content = to_csv(pd.DataFrame([[1.0, 2.0, 3.0, 4.0]], columns=names))
    assert content.endswith(b",plain\n1,2,3,4\n")
    back = pd.read_csv(io.BytesIO(content))
    assert list(back.columns) == [*names[:2], f"'{names[2]}", "plain"]


def test_other_columns_are_untouched() -> None:
    table = pd.DataFrame({"flag": [True, False], "word": ["a", "b"], "whole": [1, -2]})
    assert to_csv(table) == b'flag,word,whole\ntrue,"a",1\nfalse,"b",-2\n'
