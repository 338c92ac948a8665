// @ts-check
// The way to what is presented: the link of the page around the player, and its QR code, which that page holds.

import { element } from "./view.js";

const CODE = "img.trainscope-code"; // with the link in data-link
const HERE_ONLY = ["localhost", "127.0.0.1", "[::1]"];

export class Share {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.panel = /** @type {HTMLElement} */ (root.querySelector(".share"));
    this.button = /** @type {HTMLElement} */ (root.querySelector("[data-act=share]"));
    this.close();
  }

  toggle() {
    const code = document.querySelector(CODE);
    if (!this.panel.hidden || !(code instanceof HTMLImageElement)) return this.close();
    const link = element("p", "", code.dataset.link);
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "word";
    copy.textContent = "Copy the link";
    copy.addEventListener("click", () => this.#copy(link, copy));
    const here = HERE_ONLY.includes(location.hostname) ? "Only this machine can follow it." : "";
    this.panel.replaceChildren(code.cloneNode(), link, copy, element("output", "", here));
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
  }

  /** What is shown has changed, and with it the link; or nothing is presented any more. */
  close() {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.hidden = !document.querySelector(CODE);
  }

  /**
   * @param {HTMLElement} link
   * @param {HTMLElement} copy
   */
  async #copy(link, copy) {
    try {
      await navigator.clipboard.writeText(link.textContent ?? "");
      copy.textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(link); // a page without https may not write there: the reader's keys can
      copy.textContent = "Selected: copy it by Ctrl+C";
    }
  }
}
