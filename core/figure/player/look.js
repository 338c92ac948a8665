// @ts-check
// Sizes of text and of marks in legends, in pixels: those of the screen and of pictures. Python reads what stands
// between the braces, so it is JSON.

export const LOOK = {
  "axis": {
    "labelFontSize": 11,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelPadding": 4,
    "titlePadding": 8,
    "tickSize": 4
  },
  "legend": {
    "labelFontSize": 11,
    "labelLimit": 160,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "symbolSize": 60
  },
  "header": { "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal" },
  "text": { "fontSize": 11 },
  "title": { "fontSize": 12, "fontWeight": 600, "anchor": "start" }
};
