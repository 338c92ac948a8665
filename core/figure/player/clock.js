// @ts-check
// Where in the training the player is: pure state, which knows nothing of the page.

/** @import { ClockNews, Moment } from "./types.d.ts" */

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const LOOP_HOLD_SECONDS = 1;

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/**
 * Index of the last entry of ascending `values` that is <= `value`; 0 if there is none.
 * @param {number[]} values
 * @param {number} value
 */
export function lastAtMost(values, value) {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Index of the entry nearest to `value`; the first of several.
 * @param {number[]} values
 * @param {number} value
 */
export function nearestIndex(values, value) {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  }
  return best;
}

/**
 * What a chart shows that has snapshots at other steps than the clock: its last one, on its way to the next.
 * @param {number[]} steps
 * @param {Moment} now
 * @returns {Moment}
 */
export function momentAmong(steps, now) {
  const frame = lastAtMost(steps, now.clock_step);
  const gap = (steps[frame + 1] ?? steps[frame]) - steps[frame];
  const tween = now.tween > 0 && gap > 0 ? clamp((now.clock_step - steps[frame]) / gap, 0, 1) : 0;
  return { frame, tween, step: steps[frame], clock_step: steps[frame] + tween * gap };
}

export class Clock {
  steps = [0];
  pace = [0];
  seconds = 12;
  position = 0; // in pace, 0..1
  speed = 1;
  loop = false;
  playing = false; // what the reader asked for
  /** @type {number | null} */
  preview = null; // the snapshot under the pointer, which holds the clock without moving it
  held = 0; // seconds spent at the end before a loop starts over

  get last() {
    return this.steps.length - 1;
  }

  get moving() {
    return this.playing && this.preview === null;
  }

  /**
   * What the charts should show. At rest `tween` is 0: what is seen then is a stored snapshot.
   * @returns {Moment}
   */
  now() {
    const frame = this.preview ?? lastAtMost(this.pace, this.position);
    const tween = this.moving ? this.#tween(frame) : 0;
    const next = this.steps[Math.min(frame + 1, this.last)];
    const step = this.steps[frame];
    return { frame, tween, step, clock_step: step + tween * (next - step) };
  }

  /** @param {number} frame */
  #tween(frame) {
    if (frame >= this.last) return 0;
    const gap = this.pace[frame + 1] - this.pace[frame];
    return gap > 0 ? clamp((this.position - this.pace[frame]) / gap, 0, 1) : 0;
  }

  /**
   * Position in playing time of any step, recorded or not.
   * @param {number} step
   */
  placeOf(step) {
    const frame = lastAtMost(this.steps, step);
    if (frame >= this.last) return this.pace[this.last];
    const share = clamp((step - this.steps[frame]) / (this.steps[frame + 1] - this.steps[frame]), 0, 1);
    return this.pace[frame] + share * (this.pace[frame + 1] - this.pace[frame]);
  }

  /** @param {number} seconds */
  advance(seconds) {
    if (this.position < 1 && this.last > 0) {
      this.position = Math.min(1, this.position + (seconds * this.speed) / this.seconds);
      this.held = 0;
    } else if (!this.loop || this.last === 0) {
      this.restAt(this.last);
    } else {
      this.held += seconds;
      if (this.held >= LOOP_HOLD_SECONDS) this.#rewind();
    }
  }

  #rewind() {
    this.position = 0;
    this.held = 0;
  }

  play() {
    if (lastAtMost(this.pace, this.position) >= this.last) this.#rewind();
    this.preview = null;
    this.playing = true;
  }

  /** @param {number} frame */
  restAt(frame) {
    this.playing = false;
    this.preview = null;
    this.position = this.pace[clamp(frame, 0, this.last)];
  }

  /**
   * The speed one gear up (1) or down (-1).
   * @param {number} by
   */
  gear(by) {
    return SPEEDS[clamp(SPEEDS.indexOf(this.speed) + by, 0, SPEEDS.length - 1)];
  }

  /**
   * Takes new snapshots; stays at the nearest step, and on the way to the next one if it was moving.
   * @param {ClockNews} news
   */
  adopt({ steps, pace, seconds }) {
    const { frame, tween } = this.now();
    const step = this.steps[frame];
    const sameSteps = steps.length === this.steps.length && steps.every((value, i) => value === this.steps[i]);
    Object.assign(this, { steps, pace, seconds: seconds ?? this.seconds, preview: null });
    const kept = sameSteps ? frame : nearestIndex(steps, step);
    const gap = (pace[kept + 1] ?? pace[kept]) - pace[kept];
    this.position = pace[kept] + (sameSteps ? tween * gap : 0);
  }
}
