// @ts-check
// What lies under the hand that moves points, and where it may put them: on a grid of decimals, within bounds, apart.

import { clamp } from "./clock.js";
import { plotArea } from "./view.js";

/** @import { Area, Edit, FilledChart, Point, Row, Scale, View } from "./types.d.ts" */
/** @import { Card } from "./card.js" */

/** @typedef {{chart: FilledChart, edit: Edit, rows: Row[], view: View, canvas: Element}} Offer what may be moved */
/** @typedef {{at: Point, area: Area, xScale: Scale, yScale: Scale}} Measure the pointer, in pixels of the screen */
/** @typedef {{index: number, grip: Point, distance: number}} Hit a point, and the way to it from the pointer */

const GRID = 1e4; // places per unit: nothing finer is shown or told
const NOISE = 1e-6; // of a product of two decimals, in places

/** @param {number} value */
export const onGrid = (value) => Math.round(value * GRID) / GRID;

/** @param {[number, number]} bounds */
const gridWithin = ([low, high]) => [Math.ceil(low * GRID - NOISE), Math.floor(high * GRID + NOISE)];

/**
 * @param {number} value
 * @param {[number, number]} bounds
 */
export function nearestWithin(value, bounds) {
  const [low, high] = gridWithin(bounds);
  return clamp(Math.round(value * GRID), low, high) / GRID;
}

/**
 * The place nearest to `wanted` within `bounds` and at least `apart` from all `others`; null if there is none.
 * @param {number} wanted
 * @param {number[]} others
 * @param {number} apart
 * @param {[number, number]} bounds
 */
export function nearestFree(wanted, others, apart, bounds) {
  const [low, high] = gridWithin(bounds);
  const gap = apart * GRID - NOISE;
  const isFree = (/** @type {number} */ place) =>
    place >= low && place <= high && others.every((other) => Math.abs(place - other * GRID) >= gap);
  const start = clamp(Math.round(wanted * GRID), low, high);
  if (isFree(start)) return start / GRID;
  const edges = others.flatMap((other) => [Math.floor(other * GRID - gap), Math.ceil(other * GRID + gap)]);
  const distance = (/** @type {number} */ place) => Math.abs(place - wanted * GRID);
  const free = edges.filter(isFree).sort((a, b) => distance(a) - distance(b));
  return free.length ? free[0] / GRID : null;
}

/**
 * The points that the reader may move on a card; null if there are none.
 * @param {Card} card
 * @returns {Offer | null}
 */
export function offerOf({ chart, view, plot }) {
  const canvas = plot.querySelector("canvas");
  if (!chart?.edit || !view || !canvas) return null;
  return { chart, edit: chart.edit, rows: chart.tables[chart.edit.table].rows, view, canvas };
}

/**
 * @param {Offer} offer
 * @param {MouseEvent} event
 * @returns {Measure}
 */
export function measured({ edit: { x, y }, view, canvas }, event) {
  const area = plotArea(view, canvas, x.scale);
  const at = { x: event.clientX - area.left, y: event.clientY - area.top };
  return { at, area, xScale: view.scale(x.scale), yScale: view.scale(y.scale) };
}

/**
 * The point nearest to the pointer, within `reach`; null if there is none.
 * @param {Offer} offer
 * @param {MouseEvent} event
 * @param {number} reach in pixels
 */
export function hitOf(offer, event, reach) {
  const { x, y } = offer.edit;
  const { at, xScale, yScale } = measured(offer, event);
  /** @type {Hit | null} */
  let nearest = null;
  for (const [index, row] of offer.rows.entries()) {
    const grip = { x: xScale(row[x.field]) - at.x, y: yScale(row[y.field]) - at.y };
    const distance = Math.hypot(grip.x, grip.y);
    if (distance <= (nearest?.distance ?? reach)) nearest = { index, grip, distance };
  }
  return nearest;
}

/**
 * The fields of a point at `pixel`, moved to where one may be; null if nowhere is. `index` is not in its own way.
 * @param {Offer} offer
 * @param {Measure} measure
 * @param {Point} pixel
 * @param {number} [index]
 */
export function placed({ edit, rows }, { xScale, yScale }, pixel, index) {
  const { x, y, bounds, apart } = edit;
  const others = rows.filter((_, i) => i !== index).map((row) => row[x.field]);
  const place = nearestFree(xScale.invert(pixel.x), others, apart, bounds.x);
  if (place === null) return null;
  return { [x.field]: place, [y.field]: nearestWithin(yScale.invert(pixel.y), bounds.y) };
}
