// @ts-check
// The player alone on the whole screen, in large type: for a lecture hall.

import { Share } from "./share.js";

const TOOLTIP = "vg-tooltip-element"; // Vega's, which it hangs into the page

export class Presentation {
  /**
   * @param {HTMLElement} root
   * @param {() => void} changed called when it has begun or ended
   * @param {AbortSignal} signal
   */
  constructor(root, changed, signal) {
    this.root = root;
    this.changed = changed;
    this.share = new Share(root);
    this.button = /** @type {HTMLElement} */ (root.querySelector("[data-act=present]"));
    document.addEventListener("fullscreenchange", () => this.#follow(), { signal });
    root.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  get running() {
    return this.root.classList.contains("presenting");
  }

  async toggle() {
    if (document.fullscreenElement === this.root) return document.exitFullscreen();
    if (this.running) return this.#leavePage();
    try {
      await this.root.requestFullscreen();
    } catch {
      this.root.popover = "manual"; // a frame or a phone without a full screen: all of the page
      this.root.showPopover();
      this.#show(true);
    }
  }

  #follow() {
    const wanted = document.fullscreenElement === this.root;
    if (wanted !== this.running) this.#show(wanted);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape" && this.running && this.root.popover) this.#leavePage();
  }

  #leavePage() {
    this.root.hidePopover();
    this.root.popover = null;
    this.#show(false);
  }

  /** @param {boolean} running */
  #show(running) {
    this.root.classList.toggle("presenting", running);
    this.button.setAttribute("aria-pressed", String(running));
    this.share.close();
    const tooltip = document.getElementById(TOOLTIP);
    if (tooltip) (running ? this.root : document.body).append(tooltip); // or it would lie under the full screen
    this.changed();
  }
}
