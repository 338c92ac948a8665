// @ts-check
// Points that the reader moves by hand.
//
// The reader is ahead of Python while a point is held and until Python has answered what it was told last. In that time
// `local` stands in for the table that Python sends, and while a point is held its axes stay: it is dropped at what they
// say. Everything else in a payload is taken as it comes.

import { hitOf, measured, offerOf, onGrid, placed } from "./places.js";

/** @import { FilledChart, FilledTable, Point, Row } from "./types.d.ts" */
/** @import { Card } from "./card.js" */
/** @import { Hit } from "./places.js" */

/**
 * @typedef {Hit & {pointer: number, from: Point, before: Row[], moved: boolean, told: boolean}} Drag
 * from press to release
 */

/** @type {Record<string, number>} */
const REACH_PX = { mouse: 14, pen: 14, touch: 24 }; // a finger hides what it points at
const CLICK_PX = 3; // no hand is still while it clicks
const TELL_EVERY_MS = 250;

export class PointEditor {
  /** @type {FilledTable | null} */
  local = null; // the edited table while the reader is ahead of Python
  /** @type {FilledChart | undefined} */
  theirs; // the chart as Python last sent it
  /** @type {Drag | null} */
  drag = null;
  told = 0; // token of the last edit that was sent; after a drag, of a finished one
  heard = 0; // token of the last finished edit that Python knew of when it last sent a payload
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  reach = REACH_PX.mouse; // of the last press: a double click does not say what hand it came from
  versions = 0;

  /** @param {Card} card */
  constructor(card) {
    this.card = card;
    const { plot } = card;
    plot.addEventListener("pointerdown", (event) => this.#press(event));
    plot.addEventListener("pointermove", (event) => this.#move(event));
    // a finger that holds a point moves the point; any other scrolls the page
    plot.addEventListener("touchmove", (event) => this.drag && event.preventDefault(), { passive: false });
    plot.addEventListener("pointerup", (event) => this.#release(event));
    plot.addEventListener("lostpointercapture", (event) => this.#lose(event));
    plot.addEventListener("pointerleave", () => !this.drag && this.#label(""));
    plot.addEventListener("dblclick", (event) => this.#addOrRemove(event));
    plot.addEventListener("contextmenu", (event) => this.#onMenu(event));
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.#onEscape(event);
  }

  /**
   * `chart` as it should be shown, given that Python knew of the edit `heard` when it sent it.
   * @param {FilledChart} chart
   * @param {number} heard
   */
  keep(chart, heard) {
    const name = chart.edit?.table;
    if (!name || name !== this.card.chart?.edit?.table) this.stop();
    if (heard < this.heard) this.told = heard; // another session of the server, which was told nothing
    this.heard = heard;
    this.theirs = chart;
    if (this.#isAnswered()) this.local = null;
    if (!this.local || !name) return chart;
    const tables = { ...chart.tables, [name]: this.local };
    return { ...chart, tables, ...(this.drag && this.#axes(chart)) };
  }

  /**
   * What sets the axes and how far points go, as it is on screen.
   * @param {FilledChart} chart
   */
  #axes({ edit }) {
    const shown = this.card.chart;
    return shown?.edit && edit ? { params: shown.params, edit: { ...edit, bounds: shown.edit.bounds } } : {};
  }

  /** Whether the reader has moved something that Python has not answered yet. */
  get isAhead() {
    return this.local !== null;
  }

  stop() {
    if (this.drag) this.#letGo(this.drag);
    this.local = null;
  }

  #isAnswered() {
    return !this.drag && this.heard >= this.told;
  }

  // -- the hand --

  get #offer() {
    return offerOf(this.card);
  }

  /**
   * The point under the pointer; null if there is none.
   * @param {MouseEvent} event
   */
  #pointUnder(event) {
    const offer = this.#offer;
    const reach = (event instanceof PointerEvent && REACH_PX[event.pointerType]) || this.reach;
    return offer && hitOf(offer, event, reach);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#holds(event)) this.#pull(event, this.drag);
    else if (!this.drag && this.#offer) this.#label(this.#pointUnder(event) ? "over" : "");
  }

  /** @param {string} state */
  #label(state) {
    this.card.plot.dataset.edit = state; // player.css has the cursors
  }

  /**
   * @param {PointerEvent} event
   * @returns {this is {drag: Drag}}
   */
  #holds(event) {
    return this.drag?.pointer === event.pointerId;
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (this.drag || event.button !== 0 || event.ctrlKey) return; // with Control, a Mac means the right button
    this.reach = REACH_PX[event.pointerType] ?? REACH_PX.mouse;
    const point = this.#pointUnder(event);
    if (!point) return;
    if (event.altKey) this.#remove(point.index);
    else this.#grab(event, point);
  }

  /**
   * @param {PointerEvent} event
   * @param {Hit} hit
   */
  #grab(event, hit) {
    const offer = this.#offer;
    if (!offer) return;
    this.local ??= offer.chart.tables[offer.edit.table];
    const from = { x: event.clientX, y: event.clientY };
    this.drag = { ...hit, pointer: event.pointerId, from, before: offer.rows, moved: false, told: false };
    this.card.plot.setPointerCapture(event.pointerId);
    document.addEventListener("keydown", this.onKey, { capture: true });
    this.#label("held");
  }

  /**
   * @param {PointerEvent} event
   * @param {Drag} drag
   */
  #pull(event, drag) {
    const offer = this.#offer;
    if (!offer) return;
    if (!drag.moved && Math.hypot(event.clientX - drag.from.x, event.clientY - drag.from.y) < CLICK_PX) return;
    drag.moved = true;
    const measure = measured(offer, event);
    const pixel = { x: measure.at.x + drag.grip.x, y: measure.at.y + drag.grip.y };
    const place = placed(offer, measure, pixel, drag.index);
    if (!place) return;
    this.#show(offer.rows.map((row, i) => (i === drag.index ? { ...row, ...place } : row)));
    this.#tellSoon();
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (!this.#holds(event)) return;
    const { moved } = this.drag;
    this.#letGo(this.drag);
    if (moved) this.#tell(true);
    else this.#yield();
    this.#move(event);
  }

  /**
   * The browser took the pointer away.
   * @param {PointerEvent} event
   */
  #lose(event) {
    if (this.#holds(event)) this.#putBack(this.drag);
  }

  /** @param {Drag} drag */
  #putBack(drag) {
    this.#letGo(drag);
    this.#show(drag.before);
    if (drag.told) this.#tell(true);
    else this.#yield();
  }

  /** @param {Drag} drag */
  #letGo({ pointer }) {
    const { plot } = this.card;
    this.drag = null;
    clearTimeout(this.timer);
    this.timer = undefined;
    document.removeEventListener("keydown", this.onKey, { capture: true });
    if (plot.hasPointerCapture(pointer)) plot.releasePointerCapture(pointer);
    this.#label("");
  }

  /** @param {KeyboardEvent} event */
  #onEscape(event) {
    if (event.key !== "Escape" || !this.drag) return;
    event.preventDefault();
    event.stopPropagation(); // it means this drag, not the dialog around it
    this.#putBack(this.drag);
  }

  /** @param {MouseEvent} event */
  #addOrRemove(event) {
    if (this.drag || event.altKey) return;
    const point = this.#pointUnder(event);
    if (point) this.#remove(point.index);
    else this.#add(event);
  }

  /** @param {MouseEvent} event */
  #onMenu(event) {
    const point = this.#pointUnder(event);
    if (!point) return;
    event.preventDefault();
    if (!this.drag) this.#remove(point.index); // a finger resting on a point asks for the menu, too
  }

  /** @param {MouseEvent} event */
  #add(event) {
    const offer = this.#offer;
    if (!offer || offer.rows.length >= offer.edit.most) return;
    const measure = measured(offer, event);
    const { at, area } = measure;
    if (at.x < 0 || at.x > area.width || at.y < 0 || at.y > area.height) return;
    const place = placed(offer, measure, at);
    if (place) this.#commit([...offer.rows, place]);
  }

  /** @param {number} index */
  #remove(index) {
    const offer = this.#offer;
    if (offer && offer.rows.length > offer.edit.fewest) this.#commit(offer.rows.filter((_, i) => i !== index));
  }

  /** @param {Row[]} rows */
  #commit(rows) {
    this.#show(rows);
    this.#tell(true);
  }

  // -- the table --

  /** @param {Row[]} rows */
  #show(rows) {
    const { chart } = this.card;
    if (!chart?.edit) return;
    this.local = { version: `by hand ${++this.versions}`, rows };
    this.card.replace({ ...chart, tables: { ...chart.tables, [chart.edit.table]: this.local } });
  }

  /** Gives way to Python's rows and axes, unless it owes an answer. */
  #yield() {
    if (!this.#isAnswered()) return;
    this.local = null;
    if (this.card.chart?.edit && this.theirs) this.card.replace(this.theirs);
  }

  // -- news for Python --

  #tellSoon() {
    this.timer ??= setTimeout(() => this.#tellIfHeard(), Math.max(0, TELL_EVERY_MS - this.#reports.sinceEdit));
  }

  #tellIfHeard() {
    if (this.#reports.isBusy) this.timer = setTimeout(() => this.#tellIfHeard(), TELL_EVERY_MS);
    else this.#tell(false);
  }

  get #reports() {
    return this.card.player.reports;
  }

  /** @param {boolean} done */
  #tell(done) {
    clearTimeout(this.timer);
    this.timer = undefined;
    const offer = this.#offer;
    if (!offer) return;
    const { table, x, y } = offer.edit;
    const rows = offer.rows.map((row) => ({ [x.field]: onGrid(row[x.field]), [y.field]: onGrid(row[y.field]) }));
    this.told = this.#reports.edited(offer.chart.id, { table, rows, done });
    if (this.drag) this.drag.told = true;
  }
}
