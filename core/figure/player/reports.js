// @ts-check
// What Python hears: a pick, an edit, and the snapshot on which the reader came to rest. Nothing else reaches it.

/** @import { Clock } from "./clock.js" */
/** @import { Edited, Row, Send } from "./types.d.ts" */

const REST_DELAY_MS = 400; // a run of arrow keys is one report
const ANSWER_WITHIN_MS = 2000; // after that, Python is told more all the same

export class Reports {
  /** @type {Send} */
  send = {}; // Streamlit's setters, renewed on every rerun
  calls = 0; // how often Python's script came by
  picks = 0;
  edits = 0;
  editedAt = -Infinity; // when the last edit was sent, and how often Python's script had come by then
  callsThen = 0;
  /** @type {number | null} */
  frame = null; // where Python believes the reader to rest
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

  /** Milliseconds since the last edit. */
  get sinceEdit() {
    return performance.now() - this.editedAt;
  }

  /** Whether Python still answers the last edit: each starts its script anew, and a slow one would never end. */
  get isBusy() {
    return this.calls === this.callsThen && this.sinceEdit < ANSWER_WITHIN_MS;
  }

  restSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#rest(), REST_DELAY_MS);
  }

  cancelRest() {
    clearTimeout(this.timer);
  }

  #rest() {
    const { frame, step } = this.clock.now();
    if (this.clock.playing || frame === this.frame) return;
    this.frame = frame;
    this.send.setStateValue?.("rest", { frame, step });
  }
}
