// @ts-check
// The form that makes a video of a pass: which steps, which kind of file, how far it is.

import { SPEEDS } from "./clock.js";
import { FILMS, MOST_FRAMES, Painter, between, filmed, settingsFor, shotsOf } from "./film.js";
import { grouped } from "./toolbar.js";

/** @import { Player } from "./player.js" */
/** @import { Shot } from "./film.js" */
/** @import { Moment } from "./types.d.ts" */

const SECONDS_TO_SAVE = 60; // until the browser has read what it is given to save
const NO_ENCODER =
  "This browser has no video encoder here (it takes WebCodecs, and https or localhost); the command line makes GIFs.";

export class Recorder {
  running = false;
  stopped = false;

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.form = /** @type {HTMLFormElement} */ (player.root.querySelector(".film"));
    const part = (/** @type {string} */ name) => /** @type {any} */ (this.form.querySelector(name));
    /** @type {HTMLInputElement} */ this.from = part("[name=from]");
    /** @type {HTMLInputElement} */ this.to = part("[name=to]");
    /** @type {HTMLSelectElement} */ this.format = part("[name=format]");
    /** @type {HTMLButtonElement} */ this.make = part("[type=submit]");
    /** @type {HTMLProgressElement} */ this.bar = part("progress");
    /** @type {HTMLElement} */ this.line = part("output");
    const { signal } = player.abort;
    this.form.addEventListener("input", () => this.tell(), { signal });
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal });
    part("[name=close]").addEventListener("click", () => this.toggle(), { signal });
  }

  /** Opens the form, or gives up what is being recorded and closes it. */
  toggle() {
    const { form, player } = this;
    this.stopped = true;
    form.hidden = !form.hidden;
    player.root.querySelector("[data-act=film]")?.setAttribute("aria-expanded", String(!form.hidden));
    if (form.hidden) return;
    const { steps, last } = player.clock;
    for (const [input, step] of /** @type {const} */ ([[this.from, steps[0]], [this.to, steps[last]]])) {
      input.value = String(step);
      input.min = String(steps[0]);
      input.max = String(steps[last]);
    }
    this.tell();
    this.from.focus();
  }

  /** The pass that is asked for; or why there is none, as a sentence. */
  get pass() {
    const { clock } = this.player;
    const { steps, last } = clock;
    if (!window.VideoEncoder) return NO_ENCODER;
    const range = this.from.value && this.to.value ? between(steps, +this.from.value, +this.to.value) : null;
    if (!range) {
      const came = `${this.from.value || "nothing"} to ${this.to.value || "nothing"}`;
      return `steps: a range from ${grouped(steps[0])} to ${grouped(steps[last])} with a snapshot in it; got ${came}.`;
    }
    const pass = shotsOf(clock, range.first, range.last);
    if (pass.shots.length <= MOST_FRAMES) return pass;
    const way = clock.speed < SPEEDS[SPEEDS.length - 1] ? "fewer steps or more speed" : "fewer steps";
    return `frames: at most ${grouped(MOST_FRAMES)}; this would be ${grouped(pass.shots.length)}, ${way} would do.`;
  }

  /** Says what the video will be, or why there will be none. */
  tell() {
    if (this.form.hidden || this.running) return;
    const { pass } = this;
    this.make.disabled = typeof pass === "string";
    if (typeof pass === "string") return this.#say(pass);
    const { speed } = this.player.clock;
    this.#say(`${(pass.end / 1000).toFixed(1)} s at speed ×${speed}, ${grouped(pass.shots.length)} frames`);
  }

  /** @param {string} text */
  #say(text) {
    this.line.textContent = text;
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault();
    const { pass } = this;
    if (this.running || typeof pass === "string") return;
    this.player.pause();
    this.running = true;
    this.stopped = false;
    this.make.disabled = true;
    this.bar.hidden = false;
    let said = null;
    try {
      said = await this.#record(pass);
    } catch (error) {
      said = `The video could not be made: ${error instanceof Error ? error.message : error}`;
    }
    this.running = false;
    this.bar.hidden = true;
    this.player.draw();
    this.tell();
    if (said) this.#say(said);
  }

  /**
   * Makes and saves the video; returns what is to be said of it.
   * @param {{shots: Shot[], end: number}} pass
   */
  async #record(pass) {
    const { player } = this;
    const cards = [...player.cards.values()];
    if (!player.theme) return null;
    const painter = new Painter(cards, player.theme, grouped(player.clock.steps[player.clock.last]));
    const format = FILMS.find(({ name }) => name === this.format.value) ?? FILMS[0];
    const settings = await settingsFor(format, painter.canvas);
    const { width, height } = painter.canvas;
    if (!settings) return `This browser encodes no ${format.name} of ${width} × ${height} pixels; try the other.`;
    const goesOn = (/** @type {number} */ done) => {
      this.bar.value = done / pass.shots.length;
      this.#say(`${grouped(done)} of ${grouped(pass.shots.length)} frames`);
      return !this.stopped && player.root.isConnected;
    };
    const show = (/** @type {Moment} */ moment) => Promise.allSettled(cards.map((card) => card.show(moment)));
    const film = await filmed(pass, painter, settings, show, goesOn);
    if (!film) return null;
    const name = document.title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "trainscope";
    save(new Blob([format.file(film)], { type: format.type }), `${name}.${format.name}`);
    return `Saved as ${name}.${format.name}.`;
  }
}

/**
 * @param {Blob} content
 * @param {string} name
 */
function save(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000 * SECONDS_TO_SAVE);
}
