// Points that the reader moves by hand. See player.py for a chart's `edit`.
//
// player.py puts this file before player.js: the two are one module, and clamp and plotArea are found there.
//
// The reader is ahead of Python while a point is held and until Python has answered what it was told last. In that time
// `local` stands in for the table that Python sends; everything else in a payload is taken as it comes.

const REACH_PX = { mouse: 14, pen: 14, touch: 24 }; // a finger hides what it points at
const CLICK_PX = 3; // no hand is still while it clicks
const TELL_EVERY_MS = 250;
const ANSWER_WITHIN_MS = 2000; // after that, Python is told more all the same
const GRID = 1e4; // places per unit: nothing finer is shown or told
const NOISE = 1e-6; // of a product of two decimals, in places

const onGrid = (value) => Math.round(value * GRID) / GRID;
const gridWithin = ([low, high]) => [Math.ceil(low * GRID - NOISE), Math.floor(high * GRID + NOISE)];

function nearestWithin(value, bounds) {
  const [low, high] = gridWithin(bounds);
  return clamp(Math.round(value * GRID), low, high) / GRID;
}

/** The place nearest to `wanted` within `bounds` and at least `apart` from all `others`; null if there is none. */
function nearestFree(wanted, others, apart, bounds) {
  const [low, high] = gridWithin(bounds);
  const gap = apart * GRID - NOISE;
  const isFree = (place) =>
    place >= low && place <= high && others.every((other) => Math.abs(place - other * GRID) >= gap);
  const start = clamp(Math.round(wanted * GRID), low, high);
  if (isFree(start)) return start / GRID;
  const edges = others.flatMap((other) => [Math.floor(other * GRID - gap), Math.ceil(other * GRID + gap)]);
  const distance = (place) => Math.abs(place - wanted * GRID);
  const free = edges.filter(isFree).sort((a, b) => distance(a) - distance(b));
  return free.length ? free[0] / GRID : null;
}

class PointEditor {
  local = null; // {version, rows} of the edited table while the reader is ahead of Python
  theirs = null; // the same table as Python last sent it
  drag = null; // {pointer, index, from, grip, before, moved, told} from press to release
  told = 0; // token of the last edit that was sent; after a drag, of a finished one
  heard = 0; // token of the last finished edit that Python knew of when it last sent a payload
  toldAt = -Infinity; // when, and how often Python's script had come by
  callsThen = 0;
  timer = null;
  reach = REACH_PX.mouse; // of the last press: a double click does not say what hand it came from
  versions = 0;

  constructor(card) {
    this.card = card;
    const on = (type, handler) => card.plot.addEventListener(type, handler);
    on("pointerdown", (event) => this.#press(event));
    on("pointermove", (event) => (this.drag ? this.#pull(event) : this.#hint(event)));
    on("pointerup", (event) => this.#release(event));
    on("lostpointercapture", (event) => this.#holds(event) && this.#putBack()); // the browser took the pointer away
    on("pointerleave", () => !this.drag && this.#label(""));
    on("dblclick", (event) => this.#addOrRemove(event));
    on("contextmenu", (event) => this.#onMenu(event));
    this.onKey = (event) => this.#onEscape(event);
  }

  /** `chart` as it should be shown, given that Python knew of the edit `heard` when it sent it. */
  keep(chart, heard) {
    const name = chart.edit?.table;
    if (!name || name !== this.card.chart?.edit?.table) this.stop();
    if (heard < this.heard) this.told = heard; // another session of the server, which was told nothing
    this.heard = heard;
    this.theirs = chart.tables?.[name];
    if (this.#isAnswered()) this.local = null;
    return this.local ? { ...chart, tables: { ...chart.tables, [name]: this.local } } : chart;
  }

  /** Whether the reader has moved something that Python has not answered yet. */
  get isAhead() {
    return this.local !== null;
  }

  stop() {
    if (this.drag) this.#letGo();
    this.local = null;
  }

  #isAnswered() {
    return !this.drag && this.heard >= this.told;
  }

  // -- what lies where --

  get #edit() {
    return this.card.chart?.edit;
  }

  get #isOffered() {
    return Boolean(this.card.view && this.#edit);
  }

  get #rows() {
    return this.card.chart.tables[this.#edit.table].rows;
  }

  /** The scales, and how far the pointer is from their origin; both in pixels of the screen. */
  #measure(event) {
    const { view, plot } = this.card;
    const { x, y } = this.#edit;
    const area = plotArea(view, plot.querySelector("canvas"), x.scale);
    const at = { x: event.clientX - area.left, y: event.clientY - area.top };
    return { at, area, xScale: view.scale(x.scale), yScale: view.scale(y.scale) };
  }

  /** The point under the pointer, and the way from the pointer to its centre; null if there is none. */
  #pointUnder(event) {
    if (!this.#isOffered) return null;
    const { x, y } = this.#edit;
    const { at, xScale, yScale } = this.#measure(event);
    const reach = REACH_PX[event.pointerType] ?? this.reach;
    let nearest = null;
    this.#rows.forEach((row, index) => {
      const grip = { x: xScale(row[x.field]) - at.x, y: yScale(row[y.field]) - at.y };
      const distance = Math.hypot(grip.x, grip.y);
      if (distance <= (nearest?.distance ?? reach)) nearest = { index, grip, distance };
    });
    return nearest;
  }

  /** The fields of a point at `pixel`, moved to where one may be; null if nowhere is. `index` is not in its own way. */
  #placed({ xScale, yScale }, pixel, index) {
    const { x, y, bounds, apart } = this.#edit;
    const others = this.#rows.filter((_, i) => i !== index).map((row) => row[x.field]);
    const place = nearestFree(xScale.invert(pixel.x), others, apart, bounds.x);
    if (place === null) return null;
    return { [x.field]: place, [y.field]: nearestWithin(yScale.invert(pixel.y), bounds.y) };
  }

  // -- the hand --

  #hint(event) {
    if (this.#edit) this.#label(this.#pointUnder(event) ? "over" : "");
  }

  #label(state) {
    this.card.plot.dataset.edit = state; // player.css has the cursors
  }

  #holds(event) {
    return this.drag?.pointer === event.pointerId;
  }

  #press(event) {
    if (this.drag || event.button !== 0 || event.ctrlKey) return; // with Control, a Mac means the right button
    this.reach = REACH_PX[event.pointerType] ?? REACH_PX.mouse;
    const point = this.#pointUnder(event);
    if (!point) return;
    if (event.altKey) this.#remove(point.index);
    else this.#grab(event, point);
  }

  #grab(event, { index, grip }) {
    const before = this.#rows;
    this.local ??= this.card.chart.tables[this.#edit.table];
    const from = { x: event.clientX, y: event.clientY };
    this.drag = { pointer: event.pointerId, index, grip, from, before, moved: false, told: false };
    this.card.plot.setPointerCapture(event.pointerId);
    document.addEventListener("keydown", this.onKey, { capture: true });
    this.#label("held");
  }

  #pull(event) {
    const { drag } = this;
    if (!this.#holds(event) || !this.#isOffered) return;
    if (!drag.moved && Math.hypot(event.clientX - drag.from.x, event.clientY - drag.from.y) < CLICK_PX) return;
    drag.moved = true;
    const measure = this.#measure(event);
    const pixel = { x: measure.at.x + drag.grip.x, y: measure.at.y + drag.grip.y };
    const place = this.#placed(measure, pixel, drag.index);
    if (!place) return;
    this.#show(this.#rows.map((row, i) => (i === drag.index ? { ...row, ...place } : row)));
    this.#tellSoon();
  }

  #release(event) {
    if (!this.#holds(event)) return;
    const { moved } = this.#letGo();
    if (moved) this.#tell(true);
    else this.#yield();
    this.#hint(event);
  }

  #putBack() {
    const { before, told } = this.#letGo();
    this.#show(before);
    if (told) this.#tell(true);
    else this.#yield();
  }

  #letGo() {
    const { drag } = this;
    const { plot } = this.card;
    this.drag = null;
    this.#cancelTelling();
    document.removeEventListener("keydown", this.onKey, { capture: true });
    if (plot.hasPointerCapture(drag.pointer)) plot.releasePointerCapture(drag.pointer);
    this.#label("");
    return drag;
  }

  #onEscape(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation(); // it means this drag, not the dialog around it
    this.#putBack();
  }

  #addOrRemove(event) {
    if (this.drag || event.altKey || !this.#isOffered) return;
    const point = this.#pointUnder(event);
    if (point) this.#remove(point.index);
    else this.#add(event);
  }

  #onMenu(event) {
    const point = this.#pointUnder(event);
    if (!point) return;
    event.preventDefault();
    if (!this.drag) this.#remove(point.index); // a finger resting on a point asks for the menu, too
  }

  #add(event) {
    if (this.#rows.length >= this.#edit.most) return;
    const measure = this.#measure(event);
    const { at, area } = measure;
    if (at.x < 0 || at.x > area.width || at.y < 0 || at.y > area.height) return;
    const place = this.#placed(measure, at);
    if (place) this.#commit([...this.#rows, place]);
  }

  #remove(index) {
    if (this.#rows.length > this.#edit.fewest) this.#commit(this.#rows.filter((_, i) => i !== index));
  }

  #commit(rows) {
    this.#show(rows);
    this.#tell(true);
  }

  // -- the table --

  #show(rows) {
    this.local = { version: `by hand ${++this.versions}`, rows };
    this.card.replaceTable(this.#edit.table, this.local);
  }

  /** Gives way to Python's rows, unless it owes an answer. */
  #yield() {
    if (!this.#isAnswered()) return;
    this.local = null;
    if (this.theirs) this.card.replaceTable(this.#edit.table, this.theirs);
  }

  // -- news for Python --

  #tellSoon() {
    const wait = Math.max(0, this.toldAt + TELL_EVERY_MS - performance.now());
    this.timer ??= setTimeout(() => this.#tellIfHeard(), wait);
  }

  /** Every message starts Python's script anew; one that takes long would never come to its end. */
  #tellIfHeard() {
    this.timer = null;
    const isRunning = this.card.player.calls === this.callsThen;
    const busy = isRunning && performance.now() < this.toldAt + ANSWER_WITHIN_MS;
    if (!busy) this.#tell(false);
    else this.timer = setTimeout(() => this.#tellIfHeard(), TELL_EVERY_MS);
  }

  #cancelTelling() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  #tell(done) {
    this.#cancelTelling();
    const { chart, player } = this.card;
    const { table, x, y } = chart.edit;
    const rows = this.#rows.map((row) => ({
      [x.field]: onGrid(row[x.field]),
      [y.field]: onGrid(row[y.field]),
    }));
    this.told = player.edited(chart.id, { table, rows, done });
    this.toldAt = performance.now();
    this.callsThen = player.calls;
    if (this.drag) this.drag.told = true;
  }
}
