// @ts-check
// The reader's pointer on a chart: hovering chooses the time, a click stays there or picks what lies under it.

import { nearestIndex } from "./clock.js";
import { plotArea } from "./view.js";

/** @import { FilledChart, Row, View } from "./types.d.ts" */
/** @import { Card } from "./card.js" */

export class Pointer {
  kind = "mouse"; // of the last press

  /** @param {Card} card */
  constructor(card) {
    this.card = card;
    const { plot, player } = card;
    plot.addEventListener("pointerdown", (event) => (this.kind = event.pointerType), { capture: true });
    plot.addEventListener("mousedown", (event) => this.#announce(event), { capture: true });
    plot.addEventListener("pointermove", (event) => {
      const frame = this.#frameUnder(event);
      if (frame === null) player.endPreview();
      else player.preview(frame);
    });
    plot.addEventListener("pointerleave", () => player.endPreview());
    plot.addEventListener("click", (event) => this.#stay(event));
    plot.addEventListener("pointerup", (event) => {
      if (event.pointerType === "touch") this.#stay(event); // a drag by finger ends in no click
    });
  }

  /**
   * Listens to a new view of the card.
   * @param {View} view
   * @param {FilledChart} chart
   */
  watch(view, chart) {
    const { player } = this.card;
    if (chart.pick) view.addEventListener("click", (event) => this.#reportPick(event));
    if (chart.cursor) view.addSignalListener(chart.cursor, (_, chosen) => player.pointedAt(chosen));
  }

  /**
   * Tells Vega what a press lies on: it learns that from moves of the pointer, and a finger comes down without one. The
   * press that a tap is told as comes after the finger has left, so what it lies on is left at the next occasion.
   * @param {MouseEvent} press
   */
  #announce({ target, clientX, clientY }) {
    if (this.kind === "mouse" || !(target instanceof HTMLCanvasElement)) return;
    const tell = (/** @type {string} */ type) => target.dispatchEvent(new PointerEvent(type, { clientX, clientY }));
    const leaving = new AbortController();
    const leave = () => (leaving.abort(), tell("pointerout"));
    tell("pointermove");
    for (const occasion of ["pointerdown", "scroll"]) {
      document.addEventListener(occasion, leave, { capture: true, signal: leaving.signal });
    }
  }

  /** @param {MouseEvent} event */
  #stay(event) {
    const frame = this.#frameUnder(event);
    if (frame !== null) this.card.player.restAt(frame);
  }

  /**
   * The snapshot nearest to the pointer, in pixels, so that it is right on any scale; null outside of the plot.
   * @param {MouseEvent} event
   */
  #frameUnder(event) {
    const { chart, view, plot, player } = this.card;
    const canvas = plot.querySelector("canvas");
    if (!chart?.scrub || !view || !canvas) return null;
    const { scale: name, field } = chart.scrub;
    const area = plotArea(view, canvas, name);
    const x = event.clientX - area.left;
    const y = event.clientY - area.top;
    if (x < 0 || x > area.width || y < 0 || y > area.height) return null;
    const scale = view.scale(name);
    const pixels = player.clock.steps.map((step, i) => {
      const pixel = scale(field === "frame" ? i : step);
      return Number.isFinite(pixel) ? pixel : 0; // step 0 on a log axis
    });
    return nearestIndex(pixels, x);
  }

  /**
   * Listens to clicks and not to the selection: Python may have moved on, and the same cell be chosen again.
   * @param {MouseEvent} event
   */
  async #reportPick(event) {
    if (event.detail > 1) return; // the second of a double click
    const { card } = this;
    await card.view?.runAsync();
    if (!card.view || !card.chart?.pick) return;
    /** @type {Row} */
    const fields = {};
    for (const [field, chosen] of Object.entries(card.view.signal(card.chart.pick) ?? {})) {
      if (Array.isArray(chosen) && chosen.length && field !== "vlPoint") fields[field] = chosen[0];
    }
    if (Object.keys(fields).length) card.player.reports.picked(card.chart.id, fields);
  }

  /**
   * Shows what the pointer is over on another chart, by the params `cursor_FIELD`; off it, what Python chose.
   * @param {Record<string, unknown[]>} chosen
   */
  pointAt(chosen) {
    const { chart, view } = this.card;
    const asked = Object.entries(chart?.params ?? {}).filter(([name]) => name.startsWith("cursor_"));
    if (!view || !asked.length) return;
    for (const [name, own] of asked) view.signal(name, chosen[name.slice("cursor_".length)]?.[0] ?? own);
    view.runAsync();
  }
}
