// @ts-check
// What a page calls.

import { Player } from "./player.js";

/** @import { Send } from "./types.d.ts" */

/** @type {WeakMap<Element, Player>} */
const players = new WeakMap(); // by root: Streamlit calls the default export again on every rerun

/**
 * What a page calls, on every run of its script: shows the payload `data` in the player below `parentElement`.
 * @param {{data: string | BufferSource, parentElement: ParentNode} & Send} page
 */
export default function mount({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".trainscope-player");
  if (!(root instanceof HTMLElement)) throw new Error("there is no player here");
  let player = players.get(root);
  if (!player) {
    player = new Player(root);
    players.set(root, player);
  }
  player.receive(data, { setStateValue, setTriggerValue }).catch((error) => console.error("Trainscope player:", error));
  // Streamlit also calls the cleanup of a call that a newer rerun has overtaken; the player lives on then.
  return () => {
    if (root.isConnected) return;
    player.dispose();
    players.delete(root);
  };
}
