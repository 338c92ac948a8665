// @ts-check
// What a screen reader is told of the player, now and then: whether it plays, and the step.

import { grouped } from "./toolbar.js";

/** @import { Clock } from "./clock.js" */

const SETTLED_MS = 600; // a run of arrow keys is said once
const PLAYING_MS = 10000; // between two steps said while it plays

export class Status {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  awaited = false; // whether the timer will say that it plays
  saidPlaying = false;
  saidAt = -Infinity;

  /**
   * @param {HTMLElement} root
   * @param {Clock} clock
   */
  constructor(root, clock) {
    this.clock = clock;
    this.line = /** @type {HTMLElement} */ (root.querySelector(".status"));
  }

  /** The clock stands elsewhere, or started or stopped: says so when it is time. */
  follow() {
    const { playing } = this.clock;
    if (playing && this.awaited) return;
    clearTimeout(this.timer);
    this.awaited = playing;
    const goesOn = playing && this.saidPlaying;
    const wait = goesOn ? Math.max(SETTLED_MS, this.saidAt + PLAYING_MS - performance.now()) : SETTLED_MS;
    this.timer = setTimeout(() => this.#say(), wait);
  }

  #say() {
    this.awaited = false;
    const { clock } = this;
    const step = `step ${grouped(clock.now().step)} of ${grouped(clock.steps[clock.last])}`;
    this.saidPlaying = clock.playing;
    this.saidAt = performance.now();
    this.line.textContent = clock.playing ? `Playing, ${step}` : `Paused at ${step}`;
  }

  /** @param {string} text what a key has just led to */
  tell(text) {
    this.line.textContent = text;
  }

  stop() {
    clearTimeout(this.timer);
  }
}
