// @ts-check
// The toolbar: buttons, scrubber, speed, readout and the ticks under the scrubber.

import { nearestIndex } from "./clock.js";
import { element } from "./view.js";

/** @import { Clock } from "./clock.js" */
/** @import { Moment } from "./types.d.ts" */

const TICK_ROOM_PX = 34; // between two labels under the scrubber
const THUMB_PX = 14; // as in player.css
const AT_END = 0.98; // of the track: a label further on is written to the left of its tick

/** @param {number} number */
export const grouped = (number) => Math.round(number).toLocaleString("en-US");

/** @param {number} step */
export function compactStep(step) {
  if (step >= 1e6) return `${+(step / 1e6).toPrecision(3)}M`;
  if (step >= 1e3) return `${+(step / 1e3).toPrecision(3)}k`;
  return `${step}`;
}

/**
 * A range input's thumb keeps half its width from both ends; whatever lines up with it must, too.
 * @param {number} share
 */
const alongTrack = (share) => `calc(${THUMB_PX / 2}px + ${share} * (100% - ${THUMB_PX}px))`;

/**
 * The ticks under the scrubber: first and last step, and the powers of ten that have room, for playing time is not
 * proportional to steps.
 * @param {Clock} clock
 * @param {number} width of the track in pixels
 * @returns {{step: number, place: number}[]}
 */
export function ticksOf(clock, width) {
  const { steps, last } = clock;
  const room = TICK_ROOM_PX / Math.max(1, width);
  const powers = [];
  for (let step = 1; step < steps[last]; step *= 10) if (step > steps[0]) powers.push(step);
  /** @type {{step: number, place: number}[]} */
  const ticks = [];
  for (const step of [steps[0], steps[last], ...powers]) {
    const place = clock.placeOf(step);
    if (ticks.every((tick) => Math.abs(tick.place - place) >= room)) ticks.push({ step, place });
  }
  return ticks;
}

export class Toolbar {
  published = "";

  /**
   * @param {HTMLElement} root
   * @param {Clock} clock
   */
  constructor(root, clock) {
    this.root = root;
    this.clock = clock;
    this.scrubber = /** @type {HTMLInputElement} */ (root.querySelector("input[type=range]"));
    this.speed = /** @type {HTMLSelectElement} */ (root.querySelector("select"));
    this.ticks = /** @type {HTMLElement} */ (root.querySelector(".ticks"));
    this.readout = /** @type {HTMLElement} */ (root.querySelector(".readout"));
    this.notes = /** @type {HTMLElement} */ (root.querySelector(".notes"));
    this.lesson = /** @type {HTMLElement} */ (root.querySelector(".lesson"));
    this.playButton = /** @type {HTMLElement} */ (root.querySelector("[data-act=play]"));
    this.loopButton = /** @type {HTMLElement} */ (root.querySelector("[data-act=loop]"));
  }

  /** The snapshot nearest to where the thumb stands. */
  get chosenFrame() {
    return nearestIndex(this.clock.pace, +this.scrubber.value);
  }

  /** @param {string[]} lines */
  note(lines) {
    this.notes.replaceChildren(...lines.map((line) => element("li", "", line)));
    this.notes.hidden = !lines.length;
  }

  /** @param {string} lesson what to see, which stands with the charts while they are presented */
  tell(lesson) {
    this.lesson.textContent = lesson;
    this.lesson.hidden = !lesson;
  }

  showSettings() {
    const [speed, loop] = [String(this.clock.speed), String(this.clock.loop)];
    this.speed.value = speed;
    this.loopButton.setAttribute("aria-pressed", loop);
    Object.assign(this.root.dataset, { speed, loop });
  }

  /** @param {Moment} now */
  show({ frame, step }) {
    const { clock, root } = this;
    const position = clock.moving ? clock.position : clock.pace[frame];
    this.scrubber.value = String(position);
    this.scrubber.style.setProperty("--fill", alongTrack(position));
    const shown = { frame, frames: clock.last + 1, step, playing: clock.moving };
    for (const [name, value] of Object.entries(shown)) root.dataset[name] = String(value);
    this.#labelPlayButton();
    if (this.published === `${frame}/${step}/${clock.last}`) return;
    this.published = `${frame}/${step}/${clock.last}`;
    const total = grouped(clock.steps[clock.last]);
    const count = element("b", "", grouped(step));
    this.readout.replaceChildren("step ", count, element("span", "total", ` / ${total}`));
    this.readout.style.minWidth = `${total.length * 2 + 7}ch`; // or the scrubber would breathe with the digits
    this.scrubber.setAttribute("aria-valuetext", `step ${grouped(step)} of ${total}`);
  }

  #labelPlayButton() {
    const label = this.clock.playing ? "Pause" : "Play";
    if (this.playButton.getAttribute("aria-label") === label) return;
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (Space)`;
  }

  drawTicks() {
    const labels = ticksOf(this.clock, this.ticks.clientWidth).map(({ step, place }) => {
      const label = element("span", "", compactStep(step));
      label.style.left = alongTrack(place);
      label.classList.toggle("at-end", place > AT_END);
      return label;
    });
    this.ticks.replaceChildren(...labels);
  }
}
