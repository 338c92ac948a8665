// @ts-check
// The views that this browser has shown last, which link.js writes down, and those that the reader has named. They lie
// in the browser's own storage and are sent to nobody.

/** @typedef {{title: string, told: string, path: string}} Seen a view's name, its settings, its address within the app */

const RECENT = "trainscope.recent";
const NAMED = "trainscope.named";

/**
 * What is kept under a name; nothing if the storage is closed, or holds what is none of ours.
 * @param {string} name
 * @returns {Seen[]}
 */
function read(name) {
  try {
    const found = JSON.parse(localStorage.getItem(name) ?? "[]");
    const whole = (/** @type {any} */ one) => typeof one?.title === "string" && /^\/(?!\/)/.test(one?.path);
    return Array.isArray(found) ? found.filter(whole) : [];
  } catch {
    return [];
  }
}

/** @param {Seen[]} named */
function keep(named) {
  try {
    localStorage.setItem(NAMED, JSON.stringify(named));
  } catch {
    // closed or full: the list stays as it is
  }
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {string} [text]
 */
function made(tag, attributes, text) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * @param {Seen} seen
 * @param {HTMLElement} act what can be done with it
 */
function item(seen, act) {
  const own = made("li", {});
  const link = made("a", { href: seen.path, target: "_self" }, seen.title);
  own.append(link, act, made("small", { title: String(seen.told ?? "") }, String(seen.told ?? "")));
  return own;
}

/**
 * What the page calls whenever the list is opened.
 * @param {{parentElement: HTMLElement}} page
 */
export default function show({ parentElement }) {
  const lists = /** @type {HTMLElement} */ (parentElement.querySelector(".recent"));

  function draw() {
    const named = read(NAMED);
    const kept = new Set(named.map((one) => one.path));
    const above = named.map((seen, place) => {
      const act = made("button", { type: "button", "aria-label": `Forget ${seen.title}`, title: "Forget it" }, "×");
      act.addEventListener("click", () => (keep(named.filter((_, other) => other !== place)), draw()));
      return item(seen, act);
    });
    const below = read(RECENT).filter((one) => !kept.has(one.path)).map((seen) => {
      const act = made("form", {});
      const field = made("input", { "aria-label": `A name for ${seen.title}`, placeholder: "name it", maxlength: "60" });
      act.append(field);
      act.addEventListener("submit", (event) => {
        event.preventDefault();
        const title = /** @type {HTMLInputElement} */ (field).value.trim();
        if (title) (keep([...read(NAMED), { ...seen, title }]), draw());
      });
      return item(seen, act);
    });
    const parts = [["Named", above], ["Last seen", below]];
    lists.replaceChildren(
      ...parts.flatMap(([title, items]) => {
        if (!items.length) return [];
        const list = made("ul", {});
        list.append(.../** @type {HTMLElement[]} */ (items));
        return [made("h4", {}, String(title)), list];
      }),
    );
    if (!lists.children.length) lists.append(made("p", {}, "Views that you look at will be listed here."));
  }

  draw();
}
