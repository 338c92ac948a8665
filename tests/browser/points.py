"""Points of the chart `network` under the mouse, for tests and benchmarks of the Kinks page."""

from typing import Any

WHERE = """([x, y]) => {
  const canvas = document.querySelector('[data-testid=chart-network] canvas');
  const view = window.__trainscope.views.network;
  const panel = view.scenegraph().root.items[0].items.find((mark) => mark.name === 'concat_0_group').items[0];
  const box = canvas.getBoundingClientRect(), [left, top] = view.origin(), edge = view.padding();
  return [box.left + edge.left + left + panel.x + view.scale('concat_0_x')(x),
          box.top + edge.top + top + panel.y + view.scale('concat_0_y')(y)];
}"""


def place(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the data lies on the screen."""
    page.locator("[data-testid=chart-network] canvas").scroll_into_view_if_needed()
    across, down = page.evaluate(WHERE, [x, y])
    return float(across), float(down)


def drag(page: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Take the point at `start` to `end`, both in the data's units."""
    (x0, y0), (x1, y1) = place(page, *start), place(page, *end)
    page.mouse.move(x0, y0)
    page.mouse.down()
    for part in (0.3, 0.7, 1.0):
        page.mouse.move(x0 + part * (x1 - x0), y0 + part * (y1 - y0))
    page.mouse.up()
