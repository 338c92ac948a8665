// @ts-check
// A film of the charts: which moments it shows and when, how they are painted, and how they become a file.

import { Clock, lastAtMost } from "./clock.js";
import { mp4 } from "./mp4.js";
import { grouped } from "./toolbar.js";
import { webm } from "./webm.js";

/** @import { Film, FilmFrame, Moment, Theme } from "./types.d.ts" */
/** @import { Card } from "./card.js" */

export const MOST_FRAMES = 1800;
const FRAMES_A_SECOND = 30; // at least one a snapshot, however fast they go by
const HOLD_MS = 1000; // the last snapshot stays as long as before a loop
const KEY_EVERY = 30; // frames: a jump in the film decodes no more than these
const QUEUE = 3; // frames that wait for the encoder
const QUALITY = { vp9: { quantizer: 16 }, avc: { quantizer: 18 } }; // of 63 and of 51: no loss that one sees
const BITS_A_PIXEL = 4; // and second, where the encoder takes no quality
const MARGIN = 16;
const GAP = 14;
const MOST_PIXELS = 4096 * 2176;

/** The ways to write a film, the better ones first; what a browser can encode depends on the size. */
export const FILMS = /** @type {const} */ ([
  { name: "webm", type: "video/webm", codecs: ["vp09.00.51.08", "vp09.00.41.08"], file: webm },
  { name: "mp4", type: "video/mp4", codecs: ["avc1.640033", "avc1.42E033", "avc1.42E028"], file: mp4 },
]);

/** @typedef {{moment: Moment, time: number}} Shot what is shown, and from when on, in milliseconds */

/**
 * The shots of a pass from snapshot `first` to `last` at the clock's speed, and when it ends. Every snapshot has a shot
 * of its own, at its time; between two, motion is interpolated as on screen.
 * @param {Clock} clock
 * @param {number} first
 * @param {number} last
 */
export function shotsOf(clock, first, last) {
  const { steps, pace } = clock;
  const at = (/** @type {number} */ place) => ((place - pace[first]) * clock.seconds * 1000) / clock.speed;
  /** @type {Shot[]} */
  const shots = [];
  for (let frame = first; frame <= last; frame++) {
    const next = Math.min(frame + 1, last);
    const lasts = at(pace[next]) - at(pace[frame]);
    const count = Math.max(1, Math.round((lasts * FRAMES_A_SECOND) / 1000));
    for (let i = 0; i < count; i++) {
      const tween = i / count;
      const step = steps[frame];
      const moment = { frame, tween, step, clock_step: step + tween * (steps[next] - step) };
      const time = Math.round(at(pace[frame]) + tween * lasts);
      shots.push({ moment, time: Math.max(time, (shots.at(-1)?.time ?? -1) + 1) }); // no two at one time
    }
  }
  return { shots, end: (shots.at(-1)?.time ?? 0) + HOLD_MS };
}

/**
 * The snapshots between two steps; null if there is none.
 * @param {number[]} steps
 * @param {number} from
 * @param {number} to
 */
export function between(steps, from, to) {
  const first = steps.findIndex((step) => step >= from);
  const last = lastAtMost(steps, to);
  return first >= 0 && last >= first && steps[last] <= to ? { first, last } : null;
}

/** Paints the charts as they stand, titles above them, without captions: what is read while nothing moves. */
export class Painter {
  /**
   * @param {Card[]} cards
   * @param {Theme} theme
   * @param {string} total the last step
   */
  constructor(cards, theme, total) {
    this.theme = theme;
    this.total = total;
    const { places, width, height } = arranged(cards.filter((card) => card.view));
    this.places = places;
    this.width = width;
    this.height = height;
    const scale = Math.min(window.devicePixelRatio, Math.sqrt(MOST_PIXELS / (width * height)));
    const even = (/** @type {number} */ length) => 2 * Math.ceil((length * scale) / 2); // colours are halved
    this.canvas = new OffscreenCanvas(even(width), even(height));
    this.pen = /** @type {OffscreenCanvasRenderingContext2D} */ (this.canvas.getContext("2d", { alpha: false }));
    this.pen.scale(scale, scale);
  }

  /** @param {Moment} moment */
  paint({ step }) {
    const { pen, theme } = this;
    pen.fillStyle = theme.paper;
    pen.fillRect(0, 0, this.width + 2, this.height + 2);
    pen.textBaseline = "top";
    for (const { card, x, y, plot, titled } of this.places) {
      pen.fillStyle = theme.ink;
      pen.font = `600 15px ${theme.font}`;
      titled.forEach((line, i) => pen.fillText(line, x, y + i * LINE));
      const canvas = card.plot.querySelector("canvas");
      if (canvas) pen.drawImage(canvas, x, plot, canvas.clientWidth, canvas.clientHeight);
    }
    pen.fillStyle = theme.muted;
    pen.font = `14px ${theme.font}`;
    pen.textAlign = "right";
    pen.fillText(`step ${grouped(step)} of ${this.total}`, this.width - MARGIN, this.height - MARGIN - 12);
    pen.textAlign = "left";
  }
}

const LINE = 20; // pixels, of a title

/**
 * Where the charts go: rows and columns are those on the page, drawn together by what stands between them there.
 * @param {Card[]} cards
 */
function arranged(cards) {
  const left = Math.min(...cards.map((card) => card.root.getBoundingClientRect().left));
  const right = Math.max(...cards.map((card) => card.root.getBoundingClientRect().right));
  const tops = [...new Set(cards.map((card) => card.root.getBoundingClientRect().top))].sort((a, b) => a - b);
  let y = MARGIN;
  const places = tops.flatMap((top) => {
    const row = cards.filter((card) => card.root.getBoundingClientRect().top === top);
    const titles = row.map((card) => linesOf(card.title.textContent ?? "", card.root.clientWidth));
    const plot = y + LINE * Math.max(...titles.map((lines) => lines.length)) + 8;
    const found = row.map((card, i) => {
      const x = MARGIN + card.root.getBoundingClientRect().left - left;
      return { card, x, y, plot, titled: titles[i] };
    });
    y = plot + Math.max(...row.map((card) => card.plot.clientHeight)) + GAP;
    return found;
  });
  return { places, width: Math.ceil(right - left + 2 * MARGIN), height: Math.ceil(y + 20 + MARGIN - GAP) };
}

/**
 * A title as lines that fit a width.
 * @param {string} text
 * @param {number} width
 */
function linesOf(text, width) {
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
  pen.font = "600 15px sans-serif";
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * What the browser's encoder is told for a film of this size; null if it has none for the format.
 * @param {(typeof FILMS)[number]} format
 * @param {{width: number, height: number}} size
 */
export async function settingsFor({ codecs }, { width, height }) {
  if (!window.VideoEncoder) return null;
  const common = { width, height, framerate: FRAMES_A_SECOND, latencyMode: /** @type {const} */ ("quality") };
  const bitrate = Math.round(width * height * BITS_A_PIXEL);
  for (const codec of codecs) {
    const own = codec.startsWith("avc1") ? { avc: { format: /** @type {const} */ ("avc") } } : {};
    for (const how of [{ bitrateMode: /** @type {const} */ ("quantizer") }, { bitrate }]) {
      const settings = { ...common, ...own, ...how, codec };
      if ((await VideoEncoder.isConfigSupported(settings)).supported) return settings;
    }
  }
  return null;
}

/** @param {AllowSharedBufferSource} source */
function bytesOf(source) {
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

/**
 * Encodes one shot after another, each painted when `show` has brought the charts to it; null if it was given up.
 * @param {{shots: Shot[], end: number}} pass
 * @param {Painter} painter
 * @param {VideoEncoderConfig} settings
 * @param {(moment: Moment) => Promise<unknown>} show
 * @param {(done: number) => boolean} goesOn hears how many are done, and says whether to go on
 * @returns {Promise<Film | null>}
 */
export async function filmed({ shots, end }, painter, settings, show, goesOn) {
  const { width, height } = painter.canvas;
  /** @type {FilmFrame[]} */
  const frames = [];
  /** @type {Uint8Array | undefined} */
  let description;
  /** @type {unknown} */
  let failure = null;
  const encoder = new VideoEncoder({
    output: (chunk, about) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      frames.push({ time: Math.round(chunk.timestamp / 1000), key: chunk.type === "key", data });
      const own = about?.decoderConfig?.description;
      if (own) description = bytesOf(own);
    },
    error: (error) => (failure = error),
  });
  try {
    encoder.configure(settings);
    for (const [i, { moment, time }] of shots.entries()) {
      if (failure) throw failure;
      if (!goesOn(i)) return null;
      await show(moment);
      painter.paint(moment);
      const frame = new VideoFrame(painter.canvas, { timestamp: 1000 * time });
      encoder.encode(frame, { keyFrame: i % KEY_EVERY === 0, ...QUALITY });
      frame.close();
      while (encoder.encodeQueueSize > QUEUE && !failure) await new Promise((next) => setTimeout(next, 5));
    }
    await encoder.flush();
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  return { width, height, frames, end, description };
}
