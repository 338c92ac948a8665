// @ts-check
// The keyboard: which key does what, and which keys are the player's to take.

/** @type {Record<string, string>} */
const ACTS = {
  " ": "play",
  ArrowLeft: "back",
  ArrowRight: "forward",
  Home: "start",
  End: "end",
  ",": "slower",
  ".": "faster",
  l: "loop",
  L: "loop",
  p: "present",
  P: "present",
  q: "share",
  Q: "share",
};

/**
 * What a key does to the player of `root`; undefined if it is not the player's. One pressed outside of any widget
 * belongs to the player that was used last.
 * @param {KeyboardEvent} event
 * @param {Element} root
 * @param {boolean} usedLast
 * @returns {string | undefined}
 */
export function actOfKey(event, root, usedLast) {
  const { target, key } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (!(target instanceof Element)) return undefined;
  const nowhere = target === document.body || target.matches(".stMain, .stApp, [data-testid=stMain]");
  const within = root.contains(target) && !target.closest("select, form");
  if (within && target.tagName === "BUTTON" && key === " ") return undefined; // it presses that button
  return within || (nowhere && usedLast) ? ACTS[key] : undefined;
}
