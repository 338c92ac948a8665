// @ts-check
// Choosing without a pointer: Shift and the arrow keys lead from one cell or point of a chart to the next, Enter picks it.

import { element } from "./view.js";

/** @import { FilledChart, Row, Spec, View } from "./types.d.ts" */
/** @import { Card } from "./card.js" */

/** @typedef {{left: number, top: number, width: number, height: number}} Box in pixels of the plot */
/** @typedef {{fields: Row, box: Box}} Choice what a click on a mark would pick, and where it lies */

const AWAY = 2.5; // how much more a pixel to the side counts than one ahead
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {Box} box @returns {[number, number]} */
const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];

/**
 * The fields that a selection of a spec picks.
 * @param {Spec} spec
 * @param {string} name
 * @returns {string[]}
 */
export function fieldsPicked(spec, name) {
  const own = (spec.params ?? []).find((/** @type {any} */ param) => param.name === name && param.select);
  if (own) return own.select.fields ?? [];
  for (const layer of [...(spec.layer ?? []), ...(spec.vconcat ?? [])]) {
    const found = fieldsPicked(layer, name);
    if (found.length) return found;
  }
  return [];
}

/**
 * What there is to choose, each once.
 * @param {View} view
 * @param {string[]} fields
 * @returns {Choice[]}
 */
function choicesOf(view, fields) {
  /** @type {Map<string, Choice>} */
  const found = new Map();
  const [x, y] = view.origin();
  const { left, top } = view.padding();
  /** @param {any} item @param {number} across @param {number} down */
  const walk = (item, across, down) => {
    for (const mark of item.items ?? []) {
      for (const child of mark.items ?? []) {
        if (child.items) walk(child, across + child.x, down + child.y);
        const datum = child.datum ?? {};
        if (mark.role !== "mark" || !fields.every((field) => (datum[field] ?? null) !== null)) continue;
        const own = Object.fromEntries(fields.map((field) => [field, datum[field]]));
        const { x1, y1, x2, y2 } = child.bounds;
        const box = { left: across + x1, top: down + y1, width: x2 - x1, height: y2 - y1 };
        const key = JSON.stringify(own);
        if (!found.has(key) && Object.values(box).every(Number.isFinite)) found.set(key, { fields: own, box });
      }
    }
  };
  walk(view.scenegraph().root.items[0], left + x, top + y);
  return [...found.values()];
}

/**
 * The place in `boxes` of what lies next to `from` in a direction; null if nothing does.
 * @param {Box[]} boxes
 * @param {Box} from
 * @param {[number, number]} way
 */
export function nextTo(boxes, from, [right, down]) {
  const [x, y] = middle(from);
  let best = null;
  let least = Infinity;
  boxes.forEach((box, place) => {
    const [across, along] = [middle(box)[0] - x, middle(box)[1] - y];
    const ahead = across * right + along * down;
    const aside = Math.abs(across * down) + Math.abs(along * right);
    if (ahead < 0.5 || ahead + AWAY * aside >= least) return;
    [best, least] = [place, ahead + AWAY * aside];
  });
  return /** @type {number | null} */ (best);
}

/** @param {Row} fields */
const wordsOf = (fields) =>
  Object.entries(fields)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${typeof value === "number" ? +value.toPrecision(4) : value}`)
    .join(", ");

export class Chooser {
  /** @type {Choice | null} */
  at = null;
  frame = element("div", "chosen");

  /** @param {Card} card */
  constructor(card) {
    this.card = card;
    this.frame.setAttribute("aria-hidden", "true");
    card.plot.addEventListener("keydown", (event) => this.#onKey(event));
    card.plot.addEventListener("blur", () => this.leave());
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { card } = this;
    const way = event.shiftKey ? WAYS[event.key] : undefined;
    if (!card.view || !card.chart?.pick || event.target !== card.plot) return;
    if (event.key === "Enter" && this.at) card.player.reports.picked(card.chart.id, this.at.fields);
    else if (event.key === "Escape" && this.at) this.leave();
    else if (way) this.#go(way, card.view, card.chart);
    else return;
    event.preventDefault(); // the arrow keys alone are the clock's
  }

  /**
   * @param {[number, number]} way
   * @param {View} view
   * @param {FilledChart} chart
   */
  #go(way, view, chart) {
    const choices = choicesOf(view, fieldsPicked(chart.spec, chart.pick ?? ""));
    if (!choices.length) return;
    const boxes = choices.map(({ box }) => box);
    const place = nextTo(boxes, this.at?.box ?? this.#before(way), way);
    if (place !== null) this.at = choices[place];
    if (this.at) this.#show(this.at);
  }

  /**
   * The first key leads to the side of the chart from which it points.
   * @param {[number, number]} way
   * @returns {Box}
   */
  #before([right, down]) {
    const { clientWidth, clientHeight } = this.card.plot;
    const left = (clientWidth * (1 - right)) / 2;
    const top = (clientHeight * (1 - down)) / 2;
    return { left, top, width: 0, height: 0 };
  }

  /** @param {Choice} choice */
  #show({ fields, box }) {
    const { plot, player } = this.card;
    const canvas = plot.querySelector("canvas")?.getBoundingClientRect();
    const around = plot.getBoundingClientRect();
    const [left, top] = canvas ? [box.left + canvas.left - around.left, box.top + canvas.top - around.top] : [0, 0];
    const sides = { left, top, width: box.width, height: box.height };
    for (const [side, pixels] of Object.entries(sides)) this.frame.style.setProperty(side, `${pixels}px`);
    if (!this.frame.isConnected) plot.append(this.frame);
    player.status.tell(`${wordsOf(fields)}; Enter picks it.`);
  }

  leave() {
    this.at = null;
    this.frame.remove();
  }
}
