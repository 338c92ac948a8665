// @ts-check
// One chart: its title, badge and caption, its Vega view, and the tables in it.

import { Chooser } from "./choose.js";
import { momentAmong } from "./clock.js";
import { PointEditor } from "./edit.js";
import { Pointer } from "./pointer.js";
import { copyRows, drivenSignals, withRows } from "./specs.js";
import { buildView, counters, element, fit, hasNarrowLegends, legendsFit } from "./view.js";

/** @import { Chart, FilledChart, Moment, Payload, Theme, View } from "./types.d.ts" */
/** @import { Player } from "./player.js" */

const FORMATS = ["png", "svg", "pdf"];

export class Card {
  /** @type {View | null} */
  view = null;
  /** @type {FilledChart | null} */
  chart = null;
  /** @type {string | null} */
  drawnFrom = null; // spec and theme that the view was built from; null while there is no settled view
  embedding = 0; // generation: a newer embedding makes an older one, still under way, void
  /** @type {Partial<Moment>} */
  sent = {}; // clock signals as the view last got them
  /** @type {("frame" | "tween" | "clock_step")[]} */
  driven = [];
  width = 0;
  /** @type {Theme | null} */
  theme = null;

  /**
   * @param {string} id
   * @param {Player} player
   */
  constructor(id, player) {
    this.player = player;
    this.root = element("figure", "card");
    this.root.dataset.testid = `chart-${id}`;
    this.title = element("div", "card-title");
    this.title.setAttribute("role", "heading");
    this.title.setAttribute("aria-level", "2");
    this.badge = element("span", "badge");
    this.plot = element("div", "plot");
    this.plot.tabIndex = 0;
    this.text = element("span");
    this.caption = element("figcaption", "caption"); // the badge is in it: above the plot, it would move the plot
    this.caption.append(this.badge, this.text);
    this.downloads = FORMATS.map((format) => this.#downloadButton(format));
    const group = element("span", "takeaway");
    group.append(...this.downloads);
    const head = element("header", "card-head");
    head.append(this.title, group);
    this.root.append(head, this.plot, this.caption);
    this.pointer = new Pointer(this);
    this.chooser = new Chooser(this);
    this.editor = new PointEditor(this);
  }

  /** @param {string} format */
  #downloadButton(format) {
    const button = document.createElement("button");
    button.textContent = format.toUpperCase();
    button.type = "button";
    button.dataset.format = format;
    button.addEventListener("click", () => {
      if (!this.chart || button.ariaBusy) return;
      button.ariaBusy = "true";
      this.player.reports.asksForPicture(this.chart.id, format);
    });
    return button;
  }

  /**
   * Resolves once the chart shows `chart`, one of the charts of `payload`.
   * @param {Chart} chart
   * @param {Theme} theme
   * @param {Payload} payload
   */
  async update(chart, theme, payload) {
    const previous = this.chart;
    let complete;
    try {
      complete = withRows(chart, payload.rows);
    } catch (error) {
      return this.#refuse(chart, error);
    }
    const shown = this.editor.keep(complete, payload.heard ?? 0);
    Object.assign(this, { chart: shown, theme });
    this.#describe(shown);
    if (!previous || this.#ingredients() !== this.drawnFrom) await this.embed();
    else if (this.#swap(previous)) await this.#layOut();
  }

  /**
   * @param {Chart} chart
   * @param {unknown} error
   */
  #refuse(chart, error) {
    this.editor.stop();
    this.embedding++;
    this.chart = null; // nothing to embed again at another width
    this.#describe(chart);
    this.fail(chart.id, error);
  }

  /**
   * Shows the same chart with other rows or parameters.
   * @param {FilledChart} chart
   */
  async replace(chart) {
    const previous = this.chart;
    if (!previous) return;
    this.chart = chart;
    // Without a settled view, `embed` puts it into the one that it builds.
    if (this.drawnFrom !== null && this.#swap(previous)) await this.view?.runAsync();
  }

  /** @param {Theme} theme */
  async retheme(theme) {
    this.theme = theme;
    if (this.chart && this.#ingredients() !== this.drawnFrom) await this.embed();
  }

  #ingredients() {
    return JSON.stringify([this.chart?.spec, this.theme]);
  }

  /** @param {Chart} chart */
  #describe({ id, title, alt, badge, caption, scrub, pick, edit, wide, broad }) {
    this.title.textContent = title ?? "";
    this.badge.textContent = badge?.text ?? "";
    this.badge.dataset.tone = badge?.tone ?? "";
    this.badge.hidden = !badge;
    this.text.textContent = caption ?? "";
    this.plot.setAttribute("aria-label", alt || title || id);
    this.root.classList.toggle("wide", Boolean(wide));
    this.root.classList.toggle("broad", Boolean(broad));
    this.plot.classList.toggle("scrubs", Boolean(scrub));
    this.plot.classList.toggle("picks", Boolean(pick));
    if (pick) this.plot.setAttribute("aria-description", "Shift and the arrow keys choose in it, Enter picks.");
    else this.plot.removeAttribute("aria-description");
    this.plot.classList.toggle("edits", Boolean(edit));
    for (const button of this.downloads) {
      button.hidden = !this.player.reports.canDraw;
      const label = `Download ${title || id} as ${button.dataset.format?.toUpperCase()}`;
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  }

  /**
   * Gives the view what is new since `previous`; true if anything is.
   * @param {FilledChart} previous
   */
  #swap(previous) {
    if (!this.view) return false;
    let changed = this.#putTables(this.view, previous);
    for (const [name, value] of Object.entries(this.chart?.params ?? {})) {
      if (JSON.stringify(previous.params?.[name]) === JSON.stringify(value)) continue;
      this.view.signal(name, value);
      changed = true;
    }
    return changed;
  }

  /** Other rows have other labels and legends: gives them room. */
  async #layOut() {
    const { view, chart } = this;
    if (!view || !chart) return;
    await fit(view, chart.spec, this.width);
    if (this.view === view && !legendsFit(view, this.width) && !hasNarrowLegends(view)) await this.embed();
  }

  /**
   * Gives `view` the tables whose version is another than in `previous`; true if there were any.
   * @param {View} view
   * @param {FilledChart} previous
   */
  #putTables(view, previous) {
    const tables = Object.entries(this.chart?.tables ?? {});
    const changed = tables.filter(([name, table]) => previous.tables[name]?.version !== table.version);
    for (const [name, table] of changed) view.data(name, copyRows(table.rows));
    counters.swaps += changed.length;
    return changed.length > 0;
  }

  /** Builds the view beside the visible one and exchanges them when it is drawn, so nothing flashes. */
  async embed() {
    const { chart, theme } = this;
    if (!chart || !theme) return;
    const generation = ++this.embedding;
    const ingredients = this.#ingredients();
    this.drawnFrom = null;
    this.width = this.#innerWidth();
    this.driven = drivenSignals(chart.spec);
    try {
      const now = this.#own(this.player.clock.now());
      const host = element("div");
      const view = await buildView(host, chart, theme, this.width, now, (broken, error) => {
        if (broken === this.view) this.fail(chart.id, error);
      });
      if (generation !== this.embedding) return view.finalize();
      this.#restoreSelection(view);
      this.view?.finalize();
      this.view = view;
      this.drawnFrom = ingredients;
      this.sent = { frame: now.frame, tween: now.tween, clock_step: now.clock_step };
      counters.embeds++;
      counters.views[chart.id] = view;
      this.pointer.watch(view, chart);
      if (this.#putTables(view, chart)) await view.runAsync();
      await this.show(this.player.clock.now());
      this.plot.setAttribute("role", "img");
      this.chooser.leave(); // what it framed may lie elsewhere now
      this.plot.replaceChildren(host);
    } catch (error) {
      if (generation === this.embedding) this.fail(chart.id, error);
    }
  }

  /**
   * A selection lives in the view, so a new view would forget which cell the reader chose.
   * @param {View} view
   */
  #restoreSelection(view) {
    const pick = this.chart?.pick;
    if (!pick || !this.view) return;
    const store = `${pick}_store`;
    try {
      view.data(store, copyRows(this.view.data(store))).run();
    } catch {
      // the old or the new spec has no such selection: nothing to keep
    }
  }

  /**
   * @param {string} id
   * @param {unknown} error
   */
  fail(id, error) {
    console.error(`Trainscope chart "${id}":`, error);
    this.#finalize();
    this.drawnFrom = null;
    this.plot.removeAttribute("role"); // what stands there now is to be read
    const reason = error instanceof Error ? error.message : String(error);
    this.plot.replaceChildren(element("p", "trouble", `This chart could not be drawn: ${reason}`));
  }

  /**
   * Sends the clock to the view; null if the chart has nothing to redraw.
   * @param {Moment} now
   */
  show(now) {
    if (!this.view) return null;
    let changed = false;
    const own = this.#own(now);
    for (const name of this.driven) {
      if (this.sent[name] === own[name]) continue;
      this.view.signal(name, own[name]);
      this.sent[name] = own[name];
      changed = true;
    }
    return changed ? this.view.runAsync() : null;
  }

  /** @param {Moment} now */
  #own(now) {
    return this.chart?.steps ? momentAmong(this.chart.steps, now) : now;
  }

  #innerWidth() {
    return Math.max(120, Math.floor(this.plot.clientWidth));
  }

  async fitWidth() {
    const width = this.#innerWidth();
    if (!this.chart || width === this.width || this.plot.clientWidth === 0) return; // 0: in a tab not open
    if (!this.view || this.drawnFrom === null || hasNarrowLegends(this.view)) return this.embed();
    this.width = width;
    await this.#layOut();
  }

  /** Python has answered whatever was asked of it. */
  answered() {
    for (const button of this.downloads) button.ariaBusy = null;
  }

  #finalize() {
    for (const [id, view] of Object.entries(counters.views)) if (view === this.view) delete counters.views[id];
    this.view?.finalize();
    this.view = null;
  }

  dispose() {
    this.editor.stop();
    this.embedding++;
    this.#finalize();
    this.root.remove();
  }
}
