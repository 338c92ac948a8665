// The player: one clock in the browser moves several Vega views. See player.py for the payload.
//
//   Clock        where in the training we are, as pure state
//   Card         one chart: its element, its Vega view, its tables
//   PointEditor  the hand on a chart's points; in player_edit.js, which player.py puts before this file
//   Player       the toolbar, the keyboard, and the traffic with Python
//
// Nothing runs while the clock rests: every drawing starts from a tick of the clock or from an event.

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const KEYS = {
  " ": "play",
  ArrowLeft: "back",
  ArrowRight: "forward",
  Home: "start",
  End: "end",
  ",": "slower",
  ".": "faster",
  l: "loop",
  L: "loop",
};
const CLOCK_SIGNALS = ["frame", "tween", "clock_step"];
const LOOP_HOLD_SECONDS = 1;
const LONGEST_TICK_SECONDS = 0.1; // a hidden tab or a stalled page resumes where it was instead of leaping
const REPORT_DELAY_MS = 400; // a run of arrow keys is one report
const RESIZE_DELAY_MS = 120;
const TICK_ROOM_PX = 34; // between two labels under the scrubber
const THUMB_PX = 14; // as in player.css
const WHILE_WAITING_MS = 66; // between two frames while Python answers an edit
const RUNTIME_TIMEOUT_MS = 30000;
const DEFAULT_CHILD_PADDING = 70; // axis, labels and legend beside each child of a vconcat

const counters = (window.__trainscope ??= { embeds: 0, swaps: 0, frames: 0, views: {} }); // read by tests and benchmarks
const players = new WeakMap(); // root element -> Player: Streamlit calls the default export again on every rerun
let lastPlayer = null; // the player that keys pressed outside of any widget belong to

// ---- numbers ---------------------------------------------------------------------------------------------------

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const grouped = (number) => Math.round(number).toLocaleString("en-US");

/** Index of the last entry of ascending `values` that is <= `value`; 0 if there is none. */
function lastAtMost(values, value) {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (values[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function nearestIndex(values, value) {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i;
  }
  return best;
}

/** A range input's thumb keeps half its width from both ends; whatever lines up with it must, too. */
const alongTrack = (share) => `calc(${THUMB_PX / 2}px + ${share} * (100% - ${THUMB_PX}px))`;

function compactStep(step) {
  if (step >= 1e6) return `${+(step / 1e6).toPrecision(3)}M`;
  if (step >= 1e3) return `${+(step / 1e3).toPrecision(3)}k`;
  return `${step}`;
}

// ---- the clock -------------------------------------------------------------------------------------------------

class Clock {
  steps = [0];
  pace = [0];
  seconds = 12;
  position = 0; // in pace, 0..1
  speed = 1;
  loop = false;
  playing = false; // what the reader asked for
  preview = null; // the snapshot under the pointer, which holds the clock without moving it
  held = 0; // seconds spent at the end before a loop starts over

  get last() {
    return this.steps.length - 1;
  }

  get moving() {
    return this.playing && this.preview === null;
  }

  /** What the charts should show. At rest `tween` is 0: what is seen then is a stored snapshot. */
  now() {
    const frame = this.preview ?? lastAtMost(this.pace, this.position);
    const tween = this.moving ? this.#tween(frame) : 0;
    const next = this.steps[Math.min(frame + 1, this.last)];
    const step = this.steps[frame];
    return { frame, tween, step, clock_step: step + tween * (next - step) };
  }

  #tween(frame) {
    if (frame >= this.last) return 0;
    const gap = this.pace[frame + 1] - this.pace[frame];
    return gap > 0 ? clamp((this.position - this.pace[frame]) / gap, 0, 1) : 0;
  }

  /** Position in playing time of any step, recorded or not. */
  placeOf(step) {
    const frame = lastAtMost(this.steps, step);
    if (frame >= this.last) return this.pace[this.last];
    const share = clamp((step - this.steps[frame]) / (this.steps[frame + 1] - this.steps[frame]), 0, 1);
    return this.pace[frame] + share * (this.pace[frame + 1] - this.pace[frame]);
  }

  advance(seconds) {
    if (this.position < 1 && this.last > 0) {
      this.position = Math.min(1, this.position + (seconds * this.speed) / this.seconds);
      this.held = 0;
    } else if (!this.loop || this.last === 0) {
      this.restAt(this.last);
    } else {
      this.held += seconds;
      if (this.held >= LOOP_HOLD_SECONDS) this.#rewind();
    }
  }

  #rewind() {
    this.position = 0;
    this.held = 0;
  }

  play() {
    if (lastAtMost(this.pace, this.position) >= this.last) this.#rewind();
    this.preview = null;
    this.playing = true;
  }

  pause() {
    this.restAt(this.now().frame);
  }

  restAt(frame) {
    this.playing = false;
    this.preview = null;
    this.position = this.pace[clamp(frame, 0, this.last)];
  }

  /** Takes new snapshots; stays at the nearest step, and on the way to the next one if it was moving. */
  adopt({ steps, pace, seconds }) {
    const { frame, tween } = this.now();
    const step = this.steps[frame];
    const sameSteps = steps.length === this.steps.length && steps.every((value, i) => value === this.steps[i]);
    Object.assign(this, { steps, pace, seconds: seconds ?? this.seconds, preview: null });
    const kept = sameSteps ? frame : nearestIndex(steps, step);
    const gap = (pace[kept + 1] ?? pace[kept]) - pace[kept];
    this.position = pace[kept] + (sameSteps ? tween * gap : 0);
  }
}

// ---- theme -----------------------------------------------------------------------------------------------------

/** Any CSS colour as [r, g, b]; the canvas is the browser's own parser. */
function rgb(color) {
  const pen = (rgb.pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

const hex = (channels) => "#" + channels.map((c) => Math.round(c).toString(16).padStart(2, "0")).join("");

function mix(front, back, share) {
  const [a, b] = [rgb(front), rgb(back)];
  return hex(a.map((channel, i) => share * channel + (1 - share) * b[i]));
}

function readTheme(root) {
  const style = getComputedStyle(root);
  const token = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const ink = hex(rgb(token("--st-text-color", style.color)));
  const paper = hex(rgb(token("--st-background-color", "#ffffff")));
  const dark = rgb(ink)[0] > rgb(paper)[0];
  return {
    ink,
    paper,
    dark,
    muted: mix(ink, paper, 0.66),
    line: mix(ink, paper, 0.3),
    grid: mix(ink, paper, 0.09),
    font: style.fontFamily,
  };
}

function isPlainObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function merged(base, over) {
  const result = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    result[key] = isPlainObject(value) && isPlainObject(result[key]) ? merged(result[key], value) : value;
  }
  return result;
}

/** Sizes are defaults that a chart's own config may override; colours are not, for only the page knows its theme. */
function themedConfig(ownConfig, theme) {
  const type = { labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" };
  const sizes = {
    axis: { ...type, labelPadding: 4, titlePadding: 8, tickSize: 4 },
    legend: { ...type, symbolSize: 60 },
    header: type,
    title: { fontSize: 12, fontWeight: 600, anchor: "start" },
  };
  const words = { labelColor: theme.muted, titleColor: theme.ink };
  const colours = {
    background: null,
    font: theme.font,
    axis: { ...words, gridColor: theme.grid, domainColor: theme.line, tickColor: theme.line },
    legend: words,
    header: words,
    title: { color: theme.ink, subtitleColor: theme.muted },
    text: { color: theme.ink },
    view: { stroke: null },
  };
  return merged(merged(sizes, ownConfig), colours);
}

// ---- specs -----------------------------------------------------------------------------------------------------

const topLevelNames = (spec) => new Set((spec.params ?? []).map((param) => param.name));

function withParamValues(spec, values) {
  const params = (spec.params ?? []).map((param) => {
    if (!(param.name in values) || param.select) return param;
    const { expr, ...rest } = param;
    return { ...rest, value: values[param.name] };
  });
  return params.length ? { ...spec, params } : spec;
}

/** Only a single view (a layer is one) can be fitted to a width; the children of a vconcat get theirs one by one. */
function withWidth(spec, width) {
  if (spec.vconcat) {
    const padding = spec.usermeta?.trainscope?.padding ?? DEFAULT_CHILD_PADDING;
    const childWidth = Math.max(60, width - padding);
    return { ...spec, vconcat: spec.vconcat.map((child) => ({ ...child, width: childWidth })) };
  }
  if (!isFittable(spec)) return spec;
  return { ...spec, width, autosize: { type: "fit-x", contains: "padding" } };
}

function isFittable(spec) {
  return Boolean(spec.mark || spec.layer);
}

/** Vega writes into the rows it is given; the originals serve every later embedding. */
const copyRows = (rows) => rows.map((row) => ({ ...row }));

/** `chart` with rows in every table: its own, or the shared ones of that version. */
function withRows(chart, shared) {
  const tables = Object.entries(chart.tables ?? {}).map(([name, table]) => {
    const rows = table.rows ?? shared?.[table.version];
    if (!rows) throw new Error(`neither table "${name}" nor the payload has rows of version "${table.version}"`);
    return [name, { version: table.version, rows }];
  });
  return { ...chart, tables: Object.fromEntries(tables) };
}

// ---- one chart -------------------------------------------------------------------------------------------------

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

class Card {
  view = null;
  chart = null;
  drawnFrom = null; // spec and theme that the view was built from; null while there is no settled view
  embedding = 0; // generation: a newer embedding makes an older one, still under way, void
  sent = {}; // clock signals as the view last got them

  constructor(id, player) {
    this.player = player;
    this.root = element("figure", "card");
    this.root.dataset.testid = `chart-${id}`;
    this.title = element("div", "card-title");
    this.title.setAttribute("role", "heading");
    this.title.setAttribute("aria-level", "3");
    this.badge = element("span", "badge");
    this.plot = element("div", "plot");
    this.caption = element("figcaption", "caption");
    const head = element("header", "card-head");
    head.append(this.title, this.badge, this.#takeawayButtons());
    this.root.append(head, this.plot, this.caption);
    this.#listenToPointer();
    this.editor = new PointEditor(this);
  }

  #takeawayButtons() {
    const group = element("span", "takeaway");
    this.downloads = ["png", "svg"].map((format) => {
      const button = element("button", "", format.toUpperCase());
      button.type = "button";
      button.dataset.format = format;
      button.addEventListener("click", () => this.download(format));
      return button;
    });
    group.append(...this.downloads);
    return group;
  }

  /** Resolves once the chart shows `chart`, one of the charts of `payload`. */
  async update(chart, theme, payload) {
    const previous = this.chart;
    let complete;
    try {
      complete = withRows(chart, payload.rows);
    } catch (error) {
      return this.#refuse(chart, error);
    }
    const shown = this.editor.keep(complete, payload.heard ?? 0);
    Object.assign(this, { chart: shown, theme });
    this.#describe();
    if (this.#ingredients() === this.drawnFrom) await this.#swap(previous);
    else await this.embed();
  }

  #refuse(chart, error) {
    this.editor.stop();
    this.embedding++;
    this.chart = chart;
    this.#describe();
    this.fail(error);
    this.chart = null; // nothing to embed again at another width
  }

  async replaceTable(name, table) {
    const previous = this.chart;
    this.chart = { ...previous, tables: { ...previous.tables, [name]: table } };
    if (this.drawnFrom !== null) await this.#swap(previous); // otherwise `embed` puts it into the view that it builds
  }

  #ingredients() {
    return JSON.stringify([this.chart.spec, this.theme]);
  }

  #describe() {
    const { title, badge, caption, scrub, pick, edit, wide, broad } = this.chart;
    this.title.textContent = title ?? "";
    this.badge.textContent = badge?.text ?? "";
    this.badge.dataset.tone = badge?.tone ?? "";
    this.badge.hidden = !badge;
    this.caption.textContent = caption ?? "";
    this.root.classList.toggle("wide", Boolean(wide));
    this.root.classList.toggle("broad", Boolean(broad));
    this.plot.classList.toggle("scrubs", Boolean(scrub));
    this.plot.classList.toggle("picks", Boolean(pick));
    this.plot.classList.toggle("edits", Boolean(edit));
    for (const button of this.downloads) {
      const label = `Download ${title || this.chart.id} as ${button.dataset.format.toUpperCase()}`;
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  }

  async #swap(previous) {
    let changed = this.#putTables(this.view, previous);
    for (const [name, value] of Object.entries(this.chart.params ?? {})) {
      if (JSON.stringify(previous.params?.[name]) === JSON.stringify(value)) continue;
      this.view.signal(name, value);
      changed = true;
    }
    if (changed) await this.view.runAsync();
  }

  /** Gives `view` the tables whose version is another than in `previous`; true if there were any. */
  #putTables(view, previous) {
    const isNew = ([name, table]) => previous.tables?.[name]?.version !== table.version;
    const changed = Object.entries(this.chart.tables ?? {}).filter(isNew);
    for (const [name, table] of changed) view.data(name, copyRows(table.rows));
    counters.swaps += changed.length;
    return changed.length > 0;
  }

  /** Builds the view beside the visible one and exchanges them when it is drawn, so nothing flashes. */
  async embed() {
    const generation = ++this.embedding;
    const ingredients = this.#ingredients();
    this.drawnFrom = null;
    const built = this.chart;
    const { spec } = built;
    this.width = this.#innerWidth();
    const names = topLevelNames(spec);
    this.driven = CLOCK_SIGNALS.filter((name) => names.has(name));
    try {
      const now = this.player.clock.now();
      const host = element("div");
      const view = await this.#buildView(host, spec, now);
      if (generation !== this.embedding) return view.finalize();
      this.#restoreSelection(view);
      this.view?.finalize();
      this.view = view;
      this.drawnFrom = ingredients;
      this.sent = { frame: now.frame, tween: now.tween, clock_step: now.clock_step };
      counters.embeds++;
      counters.views[this.chart.id] = view;
      if (this.chart.pick) view.addEventListener("click", (event) => this.#reportPick(event));
      if (this.chart.cursor) view.addSignalListener(this.chart.cursor, (_, chosen) => this.player.pointedAt(chosen));
      if (this.#putTables(view, built)) await view.runAsync();
      await this.show(this.player.clock.now());
      this.plot.replaceChildren(host);
    } catch (error) {
      if (generation === this.embedding) this.fail(error);
    }
  }

  async #buildView(host, spec, now) {
    const { chart, theme } = this;
    const { ink, paper, muted } = theme;
    const { frame, tween, clock_step } = now;
    const values = { ink, paper, muted, ...chart.params, frame, tween, clock_step };
    const datasets = Object.fromEntries(
      Object.entries(chart.tables ?? {}).map(([name, table]) => [name, copyRows(table.rows)]),
    );
    const full = {
      ...withWidth(withParamValues(spec, values), this.width),
      config: themedConfig(spec.config, theme),
      datasets: { ...spec.datasets, ...datasets },
      description: chart.alt ?? chart.title,
    };
    const BaseView = await vegaView();
    let failure = null;
    let shown = null;
    const { view } = await window.vegaEmbed(host, full, {
      mode: "vega-lite",
      actions: false,
      renderer: "canvas",
      tooltip: { theme: theme.dark ? "dark" : "light" },
      viewClass: watchedView(BaseView, (error) => {
        failure = error;
        if (shown !== null && shown === this.view) this.fail(error);
      }),
    });
    if (failure) {
      view.finalize();
      throw failure;
    }
    shown = view;
    return view;
  }

  /** A selection lives in the view, so a new view would forget which cell the reader chose. */
  #restoreSelection(view) {
    const store = `${this.chart.pick}_store`;
    if (!this.chart.pick || !this.view) return;
    try {
      view.data(store, copyRows(this.view.data(store))).run();
    } catch {
      // the old or the new spec has no such selection: nothing to keep
    }
  }

  fail(error) {
    console.error(`Trainscope chart "${this.chart.id}":`, error);
    this.view?.finalize();
    this.view = null;
    this.drawnFrom = null;
    const reason = error instanceof Error ? error.message : String(error);
    this.plot.replaceChildren(element("p", "trouble", `This chart could not be drawn: ${reason}`));
  }

  /** Sends the clock to the view; null if the chart has nothing to redraw. */
  show(now) {
    if (!this.view) return null;
    let changed = false;
    for (const name of this.driven) {
      if (this.sent[name] === now[name]) continue;
      this.view.signal(name, now[name]);
      this.sent[name] = now[name];
      changed = true;
    }
    return changed ? this.view.runAsync() : null;
  }

  #innerWidth() {
    return Math.max(120, Math.floor(this.plot.clientWidth));
  }

  async fitWidth() {
    const width = this.#innerWidth();
    if (!this.chart || width === this.width || this.plot.clientWidth === 0) return; // 0: in a tab not open
    if (this.view && isFittable(this.chart.spec)) {
      this.width = width;
      await this.view.width(width).runAsync();
    } else {
      await this.embed();
    }
  }

  // -- the reader's pointer --

  #listenToPointer() {
    const { plot, player } = this;
    plot.addEventListener("pointermove", (event) => {
      const frame = this.#frameUnder(event);
      if (frame === null) player.endPreview();
      else player.preview(frame);
    });
    plot.addEventListener("pointerleave", () => player.endPreview());
    const commit = (event) => {
      const frame = this.#frameUnder(event);
      if (frame !== null) player.restAt(frame);
    };
    plot.addEventListener("click", commit);
    plot.addEventListener("pointerup", (event) => {
      if (event.pointerType === "touch") commit(event); // a drag by finger ends in no click
    });
  }

  /** The snapshot nearest to the pointer, in pixels, so that it is right on any scale; null outside of the plot. */
  #frameUnder(event) {
    const scrub = this.chart?.scrub;
    if (!scrub || !this.view) return null;
    const area = plotArea(this.view, this.plot.querySelector("canvas"), scrub.scale);
    const x = event.clientX - area.left;
    const y = event.clientY - area.top;
    if (x < 0 || x > area.width || y < 0 || y > area.height) return null;
    const { steps } = this.player.clock;
    const scale = this.view.scale(scrub.scale);
    const pixels = steps.map((step, i) => {
      const pixel = scale(scrub.field === "frame" ? i : step);
      return Number.isFinite(pixel) ? pixel : 0; // step 0 on a log axis
    });
    return nearestIndex(pixels, x);
  }

  /** Listens to clicks and not to the selection: Python may have moved on, and the same cell be chosen again. */
  async #reportPick(event) {
    if (event.detail > 1) return; // the second of a double click
    await this.view.runAsync();
    const fields = {};
    for (const [field, chosen] of Object.entries(this.view?.signal(this.chart.pick) ?? {})) {
      if (Array.isArray(chosen) && chosen.length && field !== "vlPoint") fields[field] = chosen[0];
    }
    if (Object.keys(fields).length) this.player.picked(this.chart.id, fields);
  }

  /** Shows what the pointer is over on another chart, by the params `cursor_FIELD`; off it, what Python chose. */
  pointAt(chosen) {
    const asked = Object.entries(this.chart?.params ?? {}).filter(([name]) => name.startsWith("cursor_"));
    if (!this.view || !asked.length) return;
    for (const [name, own] of asked) this.view.signal(name, chosen[name.slice("cursor_".length)]?.[0] ?? own);
    this.view.runAsync();
  }

  // -- taking the picture away --

  async download(format) {
    if (!this.view) return;
    const name = `${this.chart.file ?? this.chart.id}-step${this.player.clock.now().step}.${format}`;
    try {
      const url = format === "png" ? await this.#pngUrl() : await this.#svgUrl();
      const link = element("a");
      link.href = url;
      link.download = name;
      link.click();
      if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 10000);
    } catch (error) {
      console.error(`Trainscope chart "${this.chart.id}": no ${format}`, error);
    }
  }

  // The view is transparent; a picture needs the paper that its colours were chosen for.
  async #pngUrl() {
    const drawn = await this.view.toCanvas(2);
    const canvas = element("canvas");
    canvas.width = drawn.width;
    canvas.height = drawn.height;
    const pen = canvas.getContext("2d");
    pen.fillStyle = this.theme.paper;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(drawn, 0, 0);
    return canvas.toDataURL("image/png");
  }

  async #svgUrl() {
    const svg = await this.view.toSVG();
    const onPaper = svg.replace(/(<svg[^>]*>)/, `$1<rect width="100%" height="100%" fill="${this.theme.paper}"/>`);
    return URL.createObjectURL(new Blob([onPaper], { type: "image/svg+xml" }));
  }

  dispose() {
    this.editor.stop();
    this.embedding++;
    this.view?.finalize();
    this.view = null;
    this.root.remove();
  }
}

/** Vega's view with two habits changed. */
function watchedView(BaseView, report) {
  const silent = () => logger;
  const logger = {
    level: silent,
    info: silent,
    debug: silent,
    warn: (...words) => (console.warn("Vega:", ...words), logger),
    error: (...words) => (report(words[0]), logger), // a running view logs its errors, where we would have it throw
  };
  return class extends BaseView {
    constructor(runtime, options) {
      super(runtime, { ...options, logger });
    }

    // Repainting only what changed leaves a faint seam where old and new meet, so that one snapshot would have several
    // pictures. Vega has no option for this; a test compares the pixels.
    dirty(item) {
      super.dirty(item);
      if (this._renderer) this._renderer._redraw = true;
    }
  };
}

/** Where the plot that owns `scaleName` lies on the screen. Vega-Lite calls the scales of a concat `concat_0_x`. */
function plotArea(view, canvas, scaleName) {
  const box = canvas.getBoundingClientRect();
  const [x, y] = view.origin();
  const padding = view.padding();
  const root = view.scenegraph().root.items[0];
  const prefix = /^(concat_\d+)_/.exec(scaleName)?.[1];
  const child = prefix && root.items.find((mark) => mark.name === `${prefix}_group`)?.items[0];
  const group = child || root;
  return {
    left: box.left + padding.left + x + (child ? child.x : 0),
    top: box.top + padding.top + y + (child ? child.y : 0),
    width: group.width || view.width(),
    height: group.height || view.height(),
  };
}

// ---- the player ------------------------------------------------------------------------------------------------

class Player {
  clock = new Clock();
  cards = new Map();
  payloadText = null;
  theme = null;
  send = {}; // Streamlit's setters, renewed on every rerun
  seekToken = null;
  reportedFrame = null;
  picks = 0;
  edits = 0;
  calls = 0; // how often Python's script came by
  drawing = false;
  stale = false; // the clock moved while a drawing was under way
  tickHandle = null;
  lastDrawn = -Infinity;

  constructor(root) {
    this.root = root;
    this.charts = root.querySelector(".charts");
    this.scrubber = root.querySelector("input[type=range]");
    this.speed = root.querySelector("select");
    this.buttons = Object.fromEntries([...root.querySelectorAll("[data-act]")].map((b) => [b.dataset.act, b]));
    this.abort = new AbortController();
    this.#listen();
    this.#watchWidth();
  }

  #listen() {
    const { signal } = this.abort;
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal });
    on(this.root, "click", (event) => this.act(event.target.closest?.("[data-act]")?.dataset.act));
    on(this.scrubber, "input", () => this.restAt(nearestIndex(this.clock.pace, +this.scrubber.value)));
    on(this.speed, "change", () => this.setSpeed(+this.speed.value));
    on(this.root, "pointerdown", () => (lastPlayer = this));
    on(document, "keydown", (event) => this.#onKey(event));
  }

  #watchWidth() {
    let timer = null;
    this.resizing = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#fitWidths(), RESIZE_DELAY_MS);
    });
    this.resizing.observe(this.charts);
  }

  #fitWidths() {
    for (const card of this.cards.values()) card.fitWidth();
    this.#drawTicks();
  }

  // -- news from Python --

  async receive(data, send) {
    this.send = send;
    this.calls++;
    const text = typeof data === "string" ? data : new TextDecoder().decode(data);
    const theme = this.#currentTheme();
    if (text === this.payloadText && theme === this.theme) return;
    const first = this.payloadText === null;
    this.payloadText = text;
    this.theme = theme;
    const payload = JSON.parse(text);
    this.#takeClock(payload.clock);
    this.edits = Math.max(this.edits, payload.heard ?? 0); // another player of this session may have counted before
    await this.#takeCharts(payload);
    if (first && payload.clock.autoplay && !payload.clock.seek && !prefersStillness()) this.play();
  }

  /** The same object as long as the colours are the same, so that cards may compare by identity. */
  #currentTheme() {
    const theme = readTheme(this.root);
    return this.theme && JSON.stringify(theme) === JSON.stringify(this.theme) ? this.theme : theme;
  }

  #takeClock(news) {
    this.clock.adopt(news);
    if (this.root.dataset.loop === undefined) this.setLoop(news.loop ?? false);
    if (news.seek && news.seek.token !== this.seekToken) {
      this.seekToken = news.seek.token;
      this.clock.restAt(news.seek.frame);
    }
    const notes = this.root.querySelector(".notes");
    notes.replaceChildren(...(news.notes ?? []).map((note) => element("li", "", note)));
    notes.hidden = !news.notes?.length;
    this.#drawTicks();
    this.draw();
  }

  async #takeCharts(payload) {
    const { charts } = payload;
    const ids = new Set(charts.map((chart) => chart.id));
    for (const [id, card] of this.cards) {
      if (ids.has(id)) continue;
      card.dispose();
      this.cards.delete(id);
    }
    for (const { id } of charts) if (!this.cards.has(id)) this.cards.set(id, new Card(id, this));
    const wanted = charts.map(({ id }) => this.cards.get(id).root);
    // Moving an element that is already in its place would lose the reader's focus and hover.
    if (wanted.some((node, i) => this.charts.children[i] !== node)) this.charts.replaceChildren(...wanted);
    this.charts.dataset.count = charts.length;
    await document.fonts?.ready; // labels are measured when a chart is laid out
    const theme = this.theme;
    await Promise.allSettled(charts.map((chart) => this.cards.get(chart.id)?.update(chart, theme, payload)));
    this.draw();
  }

  // -- news for Python --

  picked(chart, fields) {
    this.send.setTriggerValue?.("pick", { chart, fields, token: ++this.picks });
  }

  /** Returns the token by which Python will say that it has heard this. */
  edited(chart, edit) {
    const token = ++this.edits;
    this.send.setTriggerValue?.("edit", { chart, ...edit, token });
    return token;
  }

  #reportSoon() {
    clearTimeout(this.reportTimer);
    this.reportTimer = setTimeout(() => this.#report(), REPORT_DELAY_MS);
  }

  #report() {
    const { frame, step } = this.clock.now();
    if (this.clock.playing || frame === this.reportedFrame) return;
    this.reportedFrame = frame;
    this.send.setStateValue?.("rest", { frame, step });
  }

  pointedAt(chosen) {
    for (const card of this.cards.values()) card.pointAt(chosen ?? {});
  }

  // -- what the reader does --

  act(name) {
    const { clock } = this;
    const { frame, tween } = clock.now();
    const gear = SPEEDS.indexOf(clock.speed);
    const acts = {
      play: () => (clock.playing ? this.pause() : this.play()),
      start: () => this.restAt(0),
      end: () => this.restAt(clock.last),
      back: () => this.restAt(tween > 0 ? frame : frame - 1), // from between two snapshots, to the earlier one
      forward: () => this.restAt(frame + 1),
      loop: () => this.setLoop(!clock.loop),
      slower: () => this.setSpeed(SPEEDS[Math.max(0, gear - 1)]),
      faster: () => this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, gear + 1)]),
    };
    acts[name]?.();
  }

  play() {
    clearTimeout(this.reportTimer);
    this.clock.play();
    this.draw();
    this.#tickSoon();
  }

  pause() {
    this.clock.pause();
    this.draw();
    this.#reportSoon();
  }

  restAt(frame) {
    this.clock.restAt(frame);
    this.draw();
    this.#reportSoon();
  }

  preview(frame) {
    if (this.clock.preview === frame) return;
    this.clock.preview = frame;
    this.draw();
  }

  endPreview() {
    if (this.clock.preview === null) return;
    this.clock.preview = null;
    this.draw();
    this.#tickSoon();
  }

  setSpeed(speed) {
    this.clock.speed = speed;
    this.speed.value = String(speed);
    this.#publish(this.clock.now());
  }

  setLoop(loop) {
    this.clock.loop = loop;
    this.root.dataset.loop = loop;
    this.buttons.loop.setAttribute("aria-pressed", loop);
  }

  #onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#keyIsOurs(event)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    this.act(act);
  }

  #keyIsOurs({ target, key }) {
    if (this.root.contains(target)) {
      if (target.tagName === "SELECT") return false;
      return !(target.tagName === "BUTTON" && key === " "); // a button's own key presses that button
    }
    const nowhere = target === document.body || target.matches?.(".stMain, .stApp, [data-testid=stMain]");
    return Boolean(nowhere) && lastPlayer === this;
  }

  // -- drawing --

  #tickSoon() {
    if (this.tickHandle !== null || !this.clock.moving) return;
    this.lastTick = null;
    this.tickHandle = requestAnimationFrame((time) => this.#tick(time));
  }

  #tick(time) {
    this.tickHandle = null;
    const seconds = this.lastTick === null ? 0 : (time - this.lastTick) / 1000;
    this.lastTick = time;
    if (!this.clock.moving) return;
    this.clock.advance(Math.min(seconds, LONGEST_TICK_SECONDS));
    if (time - this.lastDrawn >= WHILE_WAITING_MS || !this.#isWaiting()) {
      this.lastDrawn = time;
      this.draw();
    }
    if (this.clock.moving) this.tickHandle = requestAnimationFrame((next) => this.#tick(next));
    else if (this.reportedFrame !== null) this.#reportSoon(); // at the end: only if Python believes otherwise
  }

  /** While Python answers an edit the clock is drawn less often: what answers may run on this very machine. */
  #isWaiting() {
    return [...this.cards.values()].some((card) => card.editor.isAhead);
  }

  /** Brings every chart to the clock, then says so on the root. A slow chart makes frames drop, never queue. */
  async draw() {
    this.stale = true;
    if (this.drawing) return;
    this.drawing = true;
    while (this.stale) {
      this.stale = false;
      const now = this.clock.now();
      const drawn = [...this.cards.values()].map((card) => card.show(now)).filter(Boolean);
      if (drawn.length) {
        await Promise.allSettled(drawn);
        counters.frames++;
      }
      this.#publish(now);
    }
    this.drawing = false;
  }

  #publish({ frame, step }) {
    const { clock, root } = this;
    const position = clock.moving ? clock.position : clock.pace[frame];
    this.scrubber.value = position;
    this.scrubber.style.setProperty("--fill", alongTrack(position));
    Object.assign(root.dataset, { frame, frames: clock.last + 1, step, speed: clock.speed, playing: clock.moving });
    this.#labelPlayButton();
    if (this.published === `${frame}/${step}/${clock.last}`) return;
    this.published = `${frame}/${step}/${clock.last}`;
    const total = grouped(clock.steps[clock.last]);
    const readout = root.querySelector(".readout");
    const count = element("b", "", grouped(step));
    readout.replaceChildren("step ", count, element("span", "total", ` / ${total}`));
    readout.style.minWidth = `${total.length * 2 + 7}ch`; // or the scrubber would breathe with the digits
    this.scrubber.setAttribute("aria-valuetext", `step ${grouped(step)} of ${total}`);
  }

  #labelPlayButton() {
    const label = this.clock.playing ? "Pause" : "Play";
    const button = this.buttons.play;
    if (button.getAttribute("aria-label") === label) return;
    button.setAttribute("aria-label", label);
    button.title = `${label} (Space)`;
  }

  /** Marks the powers of ten under the scrubber: playing time is not proportional to steps. */
  #drawTicks() {
    const { steps, last } = this.clock;
    const ticks = this.root.querySelector(".ticks");
    const room = TICK_ROOM_PX / Math.max(1, ticks.clientWidth);
    const powers = [];
    for (let step = 1; step < steps[last]; step *= 10) if (step > steps[0]) powers.push(step);
    const taken = [];
    const labels = [];
    for (const step of [steps[0], steps[last], ...powers]) {
      const place = this.clock.placeOf(step);
      if (taken.some((other) => Math.abs(other - place) < room)) continue;
      taken.push(place);
      const label = element("span", "", compactStep(step));
      label.style.left = alongTrack(place);
      label.classList.toggle("at-end", place > 0.98);
      labels.push(label);
    }
    ticks.replaceChildren(...labels);
  }

  dispose() {
    this.abort.abort();
    this.resizing.disconnect();
    clearTimeout(this.reportTimer);
    if (this.tickHandle !== null) cancelAnimationFrame(this.tickHandle);
    for (const card of this.cards.values()) card.dispose();
    this.clock.playing = false;
    players.delete(this.root);
    if (lastPlayer === this) lastPlayer = null;
  }
}

// ---- the page --------------------------------------------------------------------------------------------------

function prefersStillness() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Vega comes in a component of its own, which may be executed after this one. */
async function vegaRuntime() {
  const deadline = performance.now() + RUNTIME_TIMEOUT_MS;
  while (!window.vegaEmbed) {
    if (performance.now() > deadline) throw new Error("Vega did not load");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Vega's View class, which the bundle does not export: an empty view tells its own. */
function vegaView() {
  vegaView.found ??= vegaRuntime()
    .then(() => window.vegaEmbed(element("div"), { marks: [] }, { mode: "vega", actions: false }))
    .then(({ view }) => {
      view.finalize();
      return view.constructor;
    });
  return vegaView.found;
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const root = parentElement.querySelector(".trainscope-player");
  let player = players.get(root);
  if (!player) {
    player = new Player(root);
    players.set(root, player);
    lastPlayer = player;
  }
  player.receive(data, { setStateValue, setTriggerValue }).catch((error) => console.error("Trainscope player:", error));
  // Streamlit also calls the cleanup of a call that a newer rerun has overtaken; the player lives on then.
  return () => {
    if (!root.isConnected) player.dispose();
  };
}
