"""The plane's rows: names of regions stand clear of the frame around the chosen cell."""

from core.studies.explorer.charts.cells import beside

FRAME = [{"x": 1.0, "x2": 2.0, "y": 4.0, "y2": 5.0}]


def test_a_name_under_the_frame_moves_a_row_toward_the_middle() -> None:
    below_the_middle = beside([{"text": "lazy", "x": 1.2, "y": 4.5}], FRAME, middle=6.0)
    assert below_the_middle == [{"text": "lazy", "x": 1.2, "y": 5.5}]
    above_the_middle = beside([{"text": "lazy", "x": 3.9, "y": 4.5}], FRAME, middle=3.0)
    assert above_the_middle == [{"text": "lazy", "x": 3.9, "y": 3.5}]


def test_other_names_stay() -> None:
    names = [{"text": "lazy", "x": 1.5, "y": 5.5}, {"text": "diverged", "x": 9.0, "y": 4.5}]
    assert beside(names, FRAME, middle=0.0) == names
    assert beside([{"text": "lazy", "x": 1.2, "y": 4.5}], [], middle=0.0) == [{"text": "lazy", "x": 1.2, "y": 4.5}]
