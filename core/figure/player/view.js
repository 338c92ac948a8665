// @ts-check
// One Vega view: how it is built, and where its plot lies on the screen.

import {
  copyRows,
  isFittable,
  withLegibleText,
  withNarrowLegends,
  withParamValues,
  withRoom,
  withWidth,
} from "./specs.js";
import { themedConfig } from "./theme.js";

/** @import { Area, FilledChart, Moment, Spec, Theme, View, ViewClass } from "./types.d.ts" */

const RUNTIME_TIMEOUT_MS = 30000;

export const counters = (window.__trainscope ??= { embeds: 0, swaps: 0, frames: 0, views: {} });

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Vega may be executed after this script: on a page of Streamlit it comes in a component of its own. */
async function vegaRuntime() {
  const deadline = performance.now() + RUNTIME_TIMEOUT_MS;
  while (!window.vegaEmbed) {
    if (performance.now() > deadline) throw new Error("Vega did not load");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return window.vegaEmbed;
}

/** @type {Promise<ViewClass> | null} */
let viewClass = null;

/** Vega's View class, which the bundle does not export: an empty view tells its own. */
function vegaView() {
  viewClass ??= vegaRuntime()
    .then((embed) => embed(element("div"), { marks: [] }, { mode: "vega", actions: false }))
    .then(({ view }) => {
      view.finalize();
      return /** @type {ViewClass} */ (view.constructor);
    });
  return viewClass;
}

/**
 * Builds the view of `chart` in `host`, as wide as told; later errors, of the running view, go to `onError`.
 * @param {HTMLElement} host
 * @param {FilledChart} chart
 * @param {Theme} theme
 * @param {number} width
 * @param {Moment} now
 * @param {(view: View, error: unknown) => void} onError
 */
export async function buildView(host, chart, theme, width, now, onError) {
  const { ink, paper, muted, scale } = theme;
  const { frame, tween, clock_step } = now;
  const values = { ink, paper, muted, type_scale: scale, ...chart.params, frame, tween, clock_step };
  const legible = withRoom(withLegibleText(chart.spec, scale), scale);
  const spec = withWidth(withParamValues(legible, values), width);
  let view = await embedded(host, chart, spec, theme, onError);
  if (!legendsFit(view, width)) {
    view.finalize();
    view = await embedded(host, chart, withNarrowLegends(spec), theme, onError);
    narrowed.add(view);
  }
  if (spec.vconcat) await fit(view, spec, width);
  return view;
}

/** @type {WeakSet<View>} */
const narrowed = new WeakSet();

/**
 * Whether the view has legends for a narrow chart, for want of width when it was built.
 * @param {View} view
 */
export const hasNarrowLegends = (view) => narrowed.has(view);

/**
 * @param {HTMLElement} host
 * @param {FilledChart} chart
 * @param {Spec} spec
 * @param {Theme} theme
 * @param {(view: View, error: unknown) => void} onError
 */
async function embedded(host, chart, spec, theme, onError) {
  const tables = Object.entries(chart.tables).map(([name, table]) => [name, copyRows(table.rows)]);
  const full = {
    ...spec,
    config: themedConfig(spec.config, theme),
    datasets: { ...spec.datasets, ...Object.fromEntries(tables) },
    description: chart.alt ?? chart.title,
  };
  const BaseView = await vegaView();
  const embed = await vegaRuntime();
  /** @type {unknown} */
  let failure = null;
  /** @type {View | null} */
  let shown = null;
  const { view } = await embed(host, full, {
    mode: "vega-lite",
    actions: false,
    renderer: "canvas",
    tooltip: { theme: theme.dark ? "dark" : "light" },
    viewClass: watchedView(BaseView, (error) => {
      failure = error;
      if (shown !== null) onError(shown, error);
    }),
  });
  if (failure) {
    view.finalize();
    throw failure;
  }
  shown = view;
  return view;
}

const FITTING_PASSES = 6; // a title wider than its plot gives back half of what it is given
const LEAST_PLOT_WIDTH = 60;

/**
 * Lays `view` out anew, so that axes and legends have the room that they need now, and as wide as told. Vega fits a
 * single view; the plots of a vconcat have one width, which is set by what stands beside them.
 * @param {View} view
 * @param {Spec} spec
 * @param {number} width
 */
export async function fit(view, spec, width) {
  if (isFittable(spec)) view.width(width);
  await view.resize().runAsync();
  for (let pass = 0; spec.vconcat && pass < FITTING_PASSES; pass++) {
    const overhang = canvasWidth(view) - width;
    if (Math.abs(overhang) < 1) return;
    await view.width(Math.max(LEAST_PLOT_WIDTH, view.width() - overhang)).resize().runAsync();
  }
}

/** @param {View} view */
function canvasWidth(view) {
  const canvas = view.container()?.querySelector("canvas");
  return canvas ? canvas.width / window.devicePixelRatio : 0;
}

/**
 * Whether all legends lie within a width.
 * @param {View} view
 * @param {number} width
 */
export function legendsFit(view, width) {
  const right = width - view.origin()[0] - view.padding().left;
  /** @type {(group: any, left: number) => boolean} */
  const fits = (group, left) =>
    group.items.every((/** @type {any} */ mark) =>
      mark.role === "legend"
        ? mark.items.every((/** @type {any} */ legend) => left + legend.bounds.x2 <= right + 1)
        : mark.role !== "scope" || mark.items.every((/** @type {any} */ child) => fits(child, left + child.x)),
    );
  return fits(view.scenegraph().root.items[0], 0);
}

/**
 * Vega's view with two habits changed.
 * @param {ViewClass} BaseView
 * @param {(error: unknown) => void} report
 */
function watchedView(BaseView, report) {
  const silent = () => logger;
  const logger = {
    level: silent,
    info: silent,
    debug: silent,
    /** @param {unknown[]} words @returns {unknown} */
    warn: (...words) => (console.warn("Vega:", ...words), logger),
    /** @param {unknown[]} words @returns {unknown} */
    error: (...words) => (report(words[0]), logger), // a running view logs its errors, where we would have it throw
  };
  // What is overridden is Vega's own, and in no types.
  return class extends /** @type {any} */ (BaseView) {
    /** @param {unknown} runtime @param {object} options */
    constructor(runtime, options) {
      super(runtime, { ...options, logger });
    }

    // Repainting only what changed leaves a faint seam where old and new meet, so that one snapshot would have several
    // pictures. Only of a rule does Vega know exactly where it is: the clock's, in most charts, is all that moves. Vega
    // has no option for this; a test compares the pixels.
    /** @param {any} item */
    dirty(item) {
      super.dirty(item);
      if (this._renderer && item.mark?.marktype !== "rule") this._renderer._redraw = true;
    }
  };
}

/**
 * Where the plot that owns `scaleName` lies on the screen. Vega-Lite calls the scales of a concat `concat_0_x`.
 * @param {View} view
 * @param {Element} canvas
 * @param {string} scaleName
 * @returns {Area}
 */
export function plotArea(view, canvas, scaleName) {
  const box = canvas.getBoundingClientRect();
  const [x, y] = view.origin();
  const padding = view.padding();
  const root = view.scenegraph().root.items[0];
  const prefix = /^(concat_\d+)_/.exec(scaleName)?.[1];
  const child = prefix && root.items.find((/** @type {any} */ mark) => mark.name === `${prefix}_group`)?.items[0];
  const group = child || root;
  return {
    left: box.left + padding.left + x + (child ? child.x : 0),
    top: box.top + padding.top + y + (child ? child.y : 0),
    width: group.width || view.width(),
    height: group.height || view.height(),
  };
}
