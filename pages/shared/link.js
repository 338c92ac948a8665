// @ts-check
// The address of the page: one entry of the browser's history for each change that a person makes, and keys that undo it.

/**
 * The link, how many changes this visit has made, and the view on screen, of which the player's place is no part.
 * @typedef {{link: string, entries: number, seen: {title: string, told: string, view: string} | null}} Written
 */

const EMBEDDING = ["embed", "embed_options", "chart"]; // how the page is shown in another, which stays

/** @type {number | undefined} */
let known; // changes that have their entry
/** @type {string | undefined} */
let applied; // what was written last
/** @type {string | undefined} */
let place; // and on which page

/**
 * What the page calls on every run of its script. An entry of the history that this page wrote has in its state whether
 * the entries before and after it were this page's, too; so it knows after a reload what can be undone.
 * @param {{data: Written, setTriggerValue: (name: string, value: unknown) => void}} page
 */
export default function show({ data, setTriggerValue }) {
  const text = JSON.stringify(data);
  const { link, entries, seen } = data;
  const { address, here } = addresses(link);
  const anew = location.pathname === place && !here; // another page was left before it could write its link
  if (text === applied && !anew) return;
  [applied, place] = [text, location.pathname];
  if (seen) remember({ title: seen.title, told: seen.told, path: `${location.pathname}?${seen.view}` });
  if (known !== undefined && entries < known) {
    known = entries;
    setTriggerValue("found", here); // the server has lost this visit's session: it takes up what the address says
    return;
  }
  const news = known !== undefined && entries > known;
  known = entries;
  if (link === here) return mark();
  const own = history.state?.trainscope;
  if (news && own) {
    history.replaceState({ ...history.state, trainscope: { ...own, redo: true } }, "");
    history.pushState({ trainscope: { undo: true, redo: false } }, "", address);
  } else {
    history.replaceState(history.state, "", address + location.hash);
    mark();
  }
}

/** Makes the present entry one of this page's: the browser or Streamlit wrote it, when a person came here. */
function mark() {
  if (!history.state?.trainscope) history.replaceState({ trainscope: { undo: false, redo: false } }, "");
}

/**
 * The address of a link, and the link of the present address.
 * @param {string} link
 */
function addresses(link) {
  const words = new URLSearchParams(location.search);
  const kept = EMBEDDING.flatMap((name) => words.getAll(name).map((value) => new URLSearchParams({ [name]: value })));
  for (const name of EMBEDDING) words.delete(name);
  return { address: `${location.pathname}?${[link, ...kept].join("&")}`, here: words.toString() };
}

// -- what was seen last, which recent.js shows --

const RECENT = "trainscope.recent";
const MOST_RECENT = 20;

/** @param {{title: string, told: string, path: string}} view */
function remember(view) {
  try {
    const others = listed(localStorage.getItem(RECENT)).filter((one) => one?.path !== view.path);
    localStorage.setItem(RECENT, JSON.stringify([view, ...others].slice(0, MOST_RECENT)));
  } catch {
    // closed or full: nothing is remembered
  }
}

/**
 * @param {string | null} text
 * @returns {any[]}
 */
function listed(text) {
  try {
    const found = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return []; // damaged by another hand: begun anew
  }
}

// -- keys --

/**
 * What a key asks for; undefined if it is none of these, or typed into a field, whose own undo it is.
 * @param {KeyboardEvent} event
 */
function wishOf(event) {
  const { key, target } = event;
  if (event.defaultPrevented || event.altKey || event.ctrlKey === event.metaKey) return undefined;
  if (target instanceof HTMLElement && isTypedInto(target)) return undefined;
  if (key.toLowerCase() === "z") return event.shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !event.shiftKey ? "redo" : undefined;
}

/** @param {HTMLElement} target */
function isTypedInto(target) {
  const typed = "input:not([type=range], [type=radio], [type=checkbox], [type=button]), textarea";
  const choosing = target.matches("[role=combobox]") && target instanceof HTMLInputElement && !target.value;
  return target.isContentEditable || (target.matches(typed) && !choosing);
}

document.addEventListener("keydown", (event) => {
  const wish = wishOf(event);
  if (!wish || !history.state?.trainscope) return;
  event.preventDefault();
  if (!history.state.trainscope[wish]) return;
  if (wish === "undo") history.back();
  else history.forward();
});
