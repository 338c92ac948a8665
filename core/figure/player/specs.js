// @ts-check
// From a chart of the payload to the specification that Vega-Lite is given: rows, values of params, width.

/** @import { Chart, FilledChart, Row, Spec } from "./types.d.ts" */

const CLOCK_SIGNALS = /** @type {const} */ (["frame", "tween", "clock_step"]);
const DEFAULT_CHILD_PADDING = 70; // axis, labels and legend beside each child of a vconcat
const LEAST_CHILD_WIDTH = 60;
const LEAST_FONT_SIZE = 11;
const FONT_SIZES = new Set(["fontSize", "labelFontSize", "titleFontSize", "subtitleFontSize"]);
const LENGTHS = new Set(["labelLimit", "titleLimit", "minExtent", "maxExtent", "titleX", "titleY"]); // room for text
const NARROW_GRADIENT = 120; // length of a legend's gradient

/**
 * The params of `spec` that the clock drives.
 * @param {Spec} spec
 */
export function drivenSignals(spec) {
  const names = new Set((spec.params ?? []).map((/** @type {{name: string}} */ param) => param.name));
  return CLOCK_SIGNALS.filter((name) => names.has(name));
}

/**
 * @param {Spec} spec
 * @param {Record<string, unknown>} values
 * @returns {Spec}
 */
export function withParamValues(spec, values) {
  const params = (spec.params ?? []).map((/** @type {Spec} */ param) => {
    if (!(param.name in values) || param.select) return param;
    const { expr, ...rest } = param;
    return { ...rest, value: values[param.name] };
  });
  return params.length ? { ...spec, params } : spec;
}

/**
 * `spec` at a width. Only a single view (a layer is one) can be fitted to it; the children of a vconcat get theirs one
 * by one.
 * @param {Spec} spec
 * @param {number} width
 * @returns {Spec}
 */
export function withWidth(spec, width) {
  if (spec.vconcat) {
    const padding = spec.usermeta?.trainscope?.padding ?? DEFAULT_CHILD_PADDING;
    const childWidth = Math.max(LEAST_CHILD_WIDTH, width - padding);
    return { ...spec, vconcat: spec.vconcat.map((/** @type {Spec} */ child) => ({ ...child, width: childWidth })) };
  }
  if (!isFittable(spec)) return spec;
  return { ...spec, width, autosize: { type: "fit-x", contains: "padding" } };
}

/** @param {Spec} spec */
export function isFittable(spec) {
  return Boolean(spec.mark || spec.layer);
}

/**
 * `spec` without text too small to read.
 * @param {any} spec
 * @param {number} scale of all text
 * @returns {any}
 */
export function withLegibleText(spec, scale = 1) {
  if (Array.isArray(spec)) return spec.map((part) => withLegibleText(part, scale));
  if (spec === null || typeof spec !== "object") return spec;
  const legible = (/** @type {string} */ name, /** @type {any} */ value) => {
    if (typeof value === "number" && FONT_SIZES.has(name)) return scale * Math.max(LEAST_FONT_SIZE, value);
    if (typeof value === "number" && LENGTHS.has(name)) return scale * value;
    return withLegibleText(value, scale);
  };
  return Object.fromEntries(Object.entries(spec).map(([name, value]) => [name, legible(name, value)]));
}

/**
 * `spec` so much higher that large text leaves its plot room.
 * @param {Spec} spec
 * @param {number} scale of its text
 * @returns {Spec}
 */
export function withRoom(spec, scale) {
  if (scale === 1) return spec;
  const own = typeof spec.height === "number" ? { height: Math.round(spec.height * Math.sqrt(scale)) } : {};
  const children = spec.vconcat?.map((/** @type {Spec} */ child) => withRoom(child, scale));
  return { ...spec, ...own, ...(children ? { vconcat: children } : {}) };
}

/**
 * `spec` with legends for a narrow chart: in one column, one below another, gradients short.
 * @param {Spec} spec
 * @returns {Spec}
 */
export function withNarrowLegends(spec) {
  const layout = Object.fromEntries(["top", "bottom"].map((side) => [side, { direction: "vertical" }]));
  const legend = { ...spec.config?.legend, layout, columns: 1, gradientLength: NARROW_GRADIENT };
  return { ...withNarrow(spec), config: { ...spec.config, legend } };
}

/** @param {any} legend @returns {any} */
function narrow(legend) {
  if (!legend) return legend; // null is none
  const own = { ...legend };
  if (own.columns) own.columns = 1;
  if (own.gradientLength > NARROW_GRADIENT) own.gradientLength = NARROW_GRADIENT;
  return own;
}

/** @param {any} spec @returns {any} */
function withNarrow(spec) {
  if (Array.isArray(spec)) return spec.map(withNarrow);
  if (spec === null || typeof spec !== "object") return spec;
  const part = (/** @type {[string, any]} */ [name, value]) => [
    name,
    name === "legend" ? narrow(value) : withNarrow(value),
  ];
  return Object.fromEntries(Object.entries(spec).map(part));
}

/**
 * Vega writes into the rows it is given; the originals serve every later embedding.
 * @param {Row[]} rows
 */
export const copyRows = (rows) => rows.map((row) => ({ ...row }));

/**
 * `chart` with rows in every table: its own, or the shared ones of that version.
 * @param {Chart} chart
 * @param {Record<string, Row[]> | undefined} shared
 * @returns {FilledChart}
 */
export function withRows(chart, shared) {
  const tables = Object.entries(chart.tables ?? {}).map(([name, table]) => {
    const rows = table.rows ?? shared?.[table.version];
    if (!rows) throw new Error(`neither table "${name}" nor the payload has rows of version "${table.version}"`);
    return [name, { version: table.version, rows }];
  });
  return { ...chart, tables: Object.fromEntries(tables) };
}
