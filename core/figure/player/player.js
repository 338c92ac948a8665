// @ts-check
// The player: one clock in the browser moves several Vega views, and Python hears of what the reader chose.
//
// Nothing runs while the clock rests: every drawing starts from a tick of the clock or from an event.

import { Card } from "./card.js";
import { Clock, SPEEDS, nearestIndex } from "./clock.js";
import { actOfKey } from "./keys.js";
import { Presentation } from "./presentation.js";
import { Recorder } from "./record.js";
import { Reports } from "./reports.js";
import { Status } from "./status.js";
import { readTheme } from "./theme.js";
import { Toolbar } from "./toolbar.js";
import { counters } from "./view.js";

/** @import { ClockNews, Payload, Send, Theme } from "./types.d.ts" */

const LONGEST_TICK_SECONDS = 0.1; // a hidden tab or a stalled page resumes where it was instead of leaping
const RESIZE_DELAY_MS = 120;
const WHILE_WAITING_MS = 66; // between two frames while Python answers an edit

const prefersStillness = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Player {
  /** @type {Player | null} */
  static last = null; // keys pressed outside of any widget belong to it

  clock = new Clock();
  reports = new Reports(this.clock);
  /** @type {Map<string, Card>} */
  cards = new Map();
  /** @type {string | null} */
  payloadText = null;
  /** @type {Theme | null} */
  theme = null;
  /** @type {string | null} */
  seekToken = null;
  /** @type {object | null} */
  starts = null; // what plays once its charts are drawn, unless the reader or newer news says otherwise meanwhile
  /** @type {number | null} */
  attended = null; // when the page last asked for the player to be in view
  drawing = false;
  stale = false; // the clock moved while a drawing was under way
  /** @type {number | null} */
  tickHandle = null;
  /** @type {number | null} */
  lastTick = null;
  lastDrawn = -Infinity;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.charts = /** @type {HTMLElement} */ (root.querySelector(".charts"));
    this.toolbar = new Toolbar(root, this.clock);
    this.status = new Status(root, this.clock);
    this.abort = new AbortController();
    this.recorder = new Recorder(this);
    this.presentation = new Presentation(root, () => this.#retheme(), this.abort.signal);
    this.#listen();
    this.resizing = this.#watchWidth();
    Player.last = this;
  }

  #listen() {
    const { root, toolbar } = this;
    const { signal } = this.abort;
    const actOf = (/** @type {Event} */ { target }) =>
      target instanceof Element ? target.closest("[data-act]")?.getAttribute("data-act") : null;
    root.addEventListener("click", (event) => this.act(actOf(event)), { signal });
    root.addEventListener("pointerdown", () => (Player.last = this), { signal });
    toolbar.scrubber.addEventListener("input", () => this.restAt(toolbar.chosenFrame), { signal });
    toolbar.speed.addEventListener("change", () => this.setSpeed(+toolbar.speed.value), { signal });
    document.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    for (const press of ["pointerdown", "pointerup", "keydown"])
      document.addEventListener(press, () => this.reports.wait(), { signal, capture: true });
  }

  #watchWidth() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const observer = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#fitWidths(), RESIZE_DELAY_MS);
    });
    observer.observe(this.charts);
    return observer;
  }

  #fitWidths() {
    for (const card of this.cards.values()) card.fitWidth();
    this.toolbar.drawTicks();
  }

  // -- news from Python --

  /**
   * @param {string | BufferSource} data the payload, as JSON
   * @param {Send} send
   */
  async receive(data, send) {
    this.reports.renew(send);
    for (const card of this.cards.values()) card.answered();
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const theme = this.#currentTheme();
    if (text === this.payloadText && theme === this.theme) return;
    const first = this.payloadText === null;
    this.payloadText = text;
    this.theme = theme;
    this.presentation.share.close();
    /** @type {Payload} */
    const payload = JSON.parse(text);
    const { clock } = payload;
    const led = first || (clock.seek ? clock.seek.token !== this.seekToken : false);
    this.#takeClock(clock, led);
    const starts = led && clock.autoplay && typeof clock.seek?.frame !== "number" && !prefersStillness() ? {} : null;
    if (led) this.starts = starts;
    this.reports.edits = Math.max(this.reports.edits, payload.heard ?? 0); // another player of this session may have counted before
    await this.#takeCharts(payload, theme);
    this.#attend(clock.attend ?? null, first);
    if (starts && starts === this.starts) this.play();
  }

  /**
   * Brings the player into view if the page asks for it anew.
   * @param {number | null} asked
   * @param {boolean} first what was asked of another player before this one came is done
   */
  #attend(asked, first) {
    const anew = asked !== null && asked !== this.attended && !first;
    this.attended = asked;
    if (!anew) return;
    this.root.scrollIntoView({ block: "start" });
    this.root.focus({ preventScroll: true });
  }

  /** The same object as long as the colours are the same, so that cards may compare by identity. */
  #currentTheme() {
    const theme = readTheme(this.root);
    return this.theme && JSON.stringify(theme) === JSON.stringify(this.theme) ? this.theme : theme;
  }

  /** Draws every chart anew in other colours or sizes. */
  async #retheme() {
    const theme = this.#currentTheme();
    this.theme = theme;
    await Promise.allSettled([...this.cards.values()].map((card) => card.retheme(theme)));
    this.toolbar.drawTicks();
    this.draw();
  }

  /**
   * @param {ClockNews} news
   * @param {boolean} led whether it is told where to go; else place, speed and loop are the reader's own
   */
  #takeClock(news, led) {
    this.clock.adopt(news);
    if (led) {
      this.clock.speed = SPEEDS[nearestIndex(SPEEDS, news.speed ?? 1)];
      this.clock.loop = news.loop ?? false;
      this.toolbar.showSettings();
    }
    if (led && news.seek) {
      this.seekToken = news.seek.token;
      if (news.seek.frame !== null) this.clock.restAt(news.seek.frame);
    }
    if (led) this.reports.believe(typeof news.seek?.frame === "number");
    this.toolbar.note(news.notes ?? []);
    this.toolbar.tell(news.lesson ?? "");
    this.toolbar.drawTicks();
    this.recorder.tell();
    this.draw();
  }

  /**
   * @param {Payload} payload
   * @param {Theme} theme
   */
  async #takeCharts(payload, theme) {
    const { charts } = payload;
    const ids = new Set(charts.map((chart) => chart.id));
    for (const [id, card] of this.cards) {
      if (ids.has(id)) continue;
      card.dispose();
      this.cards.delete(id);
    }
    const cards = charts.map(({ id }) => this.cards.get(id) ?? new Card(id, this));
    this.cards = new Map(cards.map((card, i) => [charts[i].id, card]));
    const wanted = cards.map((card) => card.root);
    // Moving an element that is already in its place would lose the reader's focus and hover.
    if (wanted.some((node, i) => this.charts.children[i] !== node)) this.charts.replaceChildren(...wanted);
    this.charts.dataset.count = String(charts.length);
    await document.fonts?.ready; // labels are measured when a chart is laid out
    await Promise.allSettled(charts.map((chart) => this.cards.get(chart.id)?.update(chart, theme, payload)));
    for (const card of this.cards.values()) card.fitWidth(); // another chart beside it may have made it narrower
    this.draw();
  }

  /** @param {Record<string, unknown[]> | null} chosen */
  pointedAt(chosen) {
    for (const card of this.cards.values()) card.pointer.pointAt(chosen ?? {});
  }

  // -- what the reader does --

  /** @param {string | null | undefined} name */
  act(name) {
    const { clock } = this;
    const { frame, tween } = clock.now();
    /** @type {Record<string, () => void>} */
    const acts = {
      play: () => (clock.playing ? this.pause() : this.play()),
      start: () => this.restAt(0),
      end: () => this.restAt(clock.last),
      back: () => this.restAt(tween > 0 ? frame : frame - 1), // from between two snapshots, to the earlier one
      forward: () => this.restAt(frame + 1),
      loop: () => this.setLoop(!clock.loop),
      slower: () => this.setSpeed(clock.gear(-1)),
      faster: () => this.setSpeed(clock.gear(1)),
      film: () => this.recorder.toggle(),
      present: () => this.presentation.toggle(),
      share: () => this.presentation.running && this.presentation.share.toggle(),
    };
    if (name) acts[name]?.();
  }

  play() {
    this.starts = null;
    this.clock.play();
    this.draw();
    this.reports.soon();
    this.#tickSoon();
  }

  pause() {
    this.restAt(this.clock.now().frame);
  }

  /** @param {number} frame */
  restAt(frame) {
    this.starts = null;
    this.clock.restAt(frame);
    this.draw();
    this.reports.soon();
  }

  /** @param {number} frame */
  preview(frame) {
    if (this.clock.preview === frame) return;
    this.clock.preview = frame;
    this.draw();
  }

  endPreview() {
    if (this.clock.preview === null) return;
    this.clock.preview = null;
    this.draw();
    this.#tickSoon();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.clock.speed = speed;
    this.#settingsChanged();
  }

  /** @param {boolean} loop */
  setLoop(loop) {
    this.clock.loop = loop;
    this.#settingsChanged();
  }

  #settingsChanged() {
    this.toolbar.showSettings();
    this.recorder.tell();
    this.reports.soon();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const act = actOfKey(event, this.root, Player.last === this);
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  // -- drawing --

  #tickSoon() {
    if (this.tickHandle !== null || !this.clock.moving) return;
    this.lastTick = null;
    this.tickHandle = requestAnimationFrame((time) => this.#tick(time));
  }

  /** @param {number} time in milliseconds */
  #tick(time) {
    this.tickHandle = null;
    const seconds = this.lastTick === null ? 0 : (time - this.lastTick) / 1000;
    this.lastTick = time;
    if (!this.clock.moving) return;
    this.clock.advance(Math.min(seconds, LONGEST_TICK_SECONDS));
    if (time - this.lastDrawn >= WHILE_WAITING_MS || !this.#isWaiting()) {
      this.lastDrawn = time;
      this.draw();
    }
    if (this.clock.moving) this.tickHandle = requestAnimationFrame((next) => this.#tick(next));
    else if (this.reports.believed) this.reports.soon(); // at the end: only if Python believes otherwise
  }

  /** While Python answers an edit the clock is drawn less often: what answers may run on this very machine. */
  #isWaiting() {
    return [...this.cards.values()].some((card) => card.editor.isAhead);
  }

  /** Brings every chart to the clock, then says so on the root. A slow chart makes frames drop, never queue. */
  async draw() {
    this.stale = true;
    if (this.drawing || this.recorder.running) return; // what is recorded shows moments of its own
    this.drawing = true;
    while (this.stale) {
      this.stale = false;
      const now = this.clock.now();
      const drawn = [...this.cards.values()].map((card) => card.show(now)).filter(Boolean);
      if (drawn.length) {
        await Promise.allSettled(drawn);
        counters.frames++;
      }
      this.toolbar.show(now);
      this.status.follow();
    }
    this.drawing = false;
  }

  dispose() {
    this.abort.abort();
    this.recorder.stopped = true;
    this.resizing.disconnect();
    this.reports.stop();
    this.status.stop();
    if (this.tickHandle !== null) cancelAnimationFrame(this.tickHandle);
    for (const card of this.cards.values()) card.dispose();
    this.clock.playing = false;
    if (Player.last === this) Player.last = null;
  }
}
