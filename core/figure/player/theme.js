// @ts-check
// The page's colours and font, and the Vega-Lite config made of them.

import { LOOK } from "./look.js";

/** @import { Theme, Spec } from "./types.d.ts" */

/** @type {CanvasRenderingContext2D | null} */
let pen = null;

/**
 * Any CSS colour as [r, g, b]; the canvas is the browser's own parser.
 * @param {string} color
 */
export function rgb(color) {
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("this browser draws no canvas");
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** @param {number[]} channels */
const hex = (channels) => "#" + channels.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("");

/**
 * @param {string} front
 * @param {string} back
 * @param {number} share of the front
 */
export function mix(front, back, share) {
  const [a, b] = [rgb(front), rgb(back)];
  return hex(a.map((channel, i) => share * channel + (1 - share) * b[i]));
}

/**
 * @param {Element} root
 * @returns {Theme}
 */
export function readTheme(root) {
  const style = getComputedStyle(root);
  const colour = (/** @type {string} */ name) => hex(rgb(style.getPropertyValue(name).trim()));
  const ink = colour("--ink"); // as player.css has them, whoever sets them
  const paper = colour("--paper");
  const dark = rgb(ink)[0] > rgb(paper)[0];
  return {
    ink,
    paper,
    dark,
    muted: mix(ink, paper, 0.76), // as in player.css
    line: mix(ink, paper, 0.3),
    grid: mix(ink, paper, 0.09),
    font: style.fontFamily,
    scale: Number(style.getPropertyValue("--type-scale")) || 1,
  };
}

/** @param {unknown} value */
function isPlainObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * @param {Spec} base
 * @param {Spec | undefined} over
 */
export function merged(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    result[key] = isPlainObject(value) && isPlainObject(result[key]) ? merged(result[key], value) : value;
  }
  return result;
}

/**
 * The sizes of text in a configuration, times a scale.
 * @param {Spec} config
 * @param {number} scale
 * @returns {Spec}
 */
function scaled(config, scale) {
  const larger = (/** @type {[string, any]} */ [name, value]) => {
    if (isPlainObject(value)) return [name, scaled(value, scale)];
    return [name, /([sS]ize|Limit)$/.test(name) && name !== "tickSize" ? value * scale : value];
  };
  return Object.fromEntries(Object.entries(config).map(larger));
}

/**
 * Sizes are defaults that a chart's own config may override; colours are not, for only the page knows its theme.
 * @param {Spec | undefined} ownConfig
 * @param {Theme} theme
 */
export function themedConfig(ownConfig, theme) {
  const words = { labelColor: theme.muted, titleColor: theme.ink };
  const colours = {
    background: null,
    font: theme.font,
    axis: { ...words, gridColor: theme.grid, domainColor: theme.line, tickColor: theme.line },
    legend: words,
    header: words,
    title: { color: theme.ink, subtitleColor: theme.muted },
    text: { color: theme.ink },
    view: { stroke: null },
  };
  return merged(merged(scaled(LOOK, theme.scale), ownConfig), colours);
}
