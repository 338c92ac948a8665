// @ts-check
// What Python hears: a pick, an edit, a picture that is asked for, and the snapshot on which the reader came to rest.

/** @import { Clock } from "./clock.js" */
/** @import { Edited, Rest, Row, Send } from "./types.d.ts" */

const REST_DELAY_MS = 400; // a run of arrow keys is one report
const ANSWER_WITHIN_MS = 2000; // after that, Python is told more all the same

/** @param {Rest} rest */
const settingsOf = ({ speed, loop }) => `${speed}/${loop}`;

export class Reports {
  /** @type {Send} */
  send = {}; // Streamlit's setters, renewed on every rerun
  calls = 0; // how often Python's script came by
  picks = 0;
  edits = 0;
  editedAt = -Infinity; // when the last edit was sent, and how often Python's script had come by then
  callsThen = 0;
  /** @type {Rest | null} */
  believed = null; // what Python was told last, or asked for; null if it knows of no rest
  settings = ""; // speed and loop, as Python knows them
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {Clock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  /** @param {Send} send */
  renew(send) {
    this.send = send;
    this.calls++;
  }

  /**
   * @param {string} chart
   * @param {Row} fields
   */
  picked(chart, fields) {
    this.send.setTriggerValue?.("pick", { chart, fields, token: ++this.picks });
  }

  /**
   * Returns the token by which Python will say that it has heard this.
   * @param {string} chart
   * @param {Omit<Edited, "chart" | "token">} edit
   */
  edited(chart, edit) {
    const token = ++this.edits;
    this.send.setTriggerValue?.("edit", { chart, ...edit, token });
    this.editedAt = performance.now();
    this.callsThen = this.calls;
    return token;
  }

  /** Whether there is somebody who draws pictures. */
  get canDraw() {
    return this.send.setTriggerValue !== undefined;
  }

  /**
   * @param {string} chart
   * @param {string} format
   */
  asksForPicture(chart, format) {
    const { frame, step } = this.clock.now();
    this.send.setTriggerValue?.("picture", { chart, format, frame, step });
  }

  /** Milliseconds since the last edit. */
  get sinceEdit() {
    return performance.now() - this.editedAt;
  }

  /** Whether Python still answers the last edit: each starts its script anew, and a slow one would never end. */
  get isBusy() {
    return this.calls === this.callsThen && this.sinceEdit < ANSWER_WITHIN_MS;
  }

  /**
   * Python knows how the clock stands, for it asked for it.
   * @param {boolean} rests whether that is a snapshot to rest on
   */
  believe(rests) {
    const rest = this.#rest();
    this.believed = rests ? rest : null;
    this.settings = settingsOf(rest);
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.#report();
    }, REST_DELAY_MS);
  }

  /**
   * Report later what is due: a key or a button was pressed somewhere on the page. Streamlit forgets a press if another
   * message comes within milliseconds of it, before its callbacks are called.
   */
  wait() {
    if (this.timer !== undefined) this.soon();
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** @returns {Rest} */
  #rest() {
    const { frame, step } = this.clock.now();
    const { playing, speed, loop } = this.clock;
    return { frame: playing ? null : frame, step: playing ? null : step, playing, speed, loop };
  }

  #report() {
    const rest = this.#rest();
    const { believed } = this;
    const asBefore = settingsOf(rest) === this.settings;
    if (asBefore && rest.playing && (believed === null || believed.playing)) return;
    if (JSON.stringify(rest) === JSON.stringify(believed)) return;
    this.believed = rest;
    this.settings = settingsOf(rest);
    this.send.setStateValue?.("rest", rest);
  }
}
