// @ts-check
// A video track as an MP4 file: the boxes that a player needs (ISO/IEC 14496-12, and -15 for H.264).

import { ascii, joined, number } from "./webm.js";

/** @import { Film } from "./types.d.ts" */
/** @import { Bytes } from "./webm.js" */

const TICKS = 1000; // a second
const UNITY = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap((value) => number(value, 4)); // turns nothing
const RESOLUTION = number(0x480000, 4); // 72 dots an inch

/**
 * @param {string} name
 * @param {...Bytes} content
 */
function box(name, ...content) {
  const inside = joined(content);
  return joined([number(8 + inside.length, 4), ascii(name), inside]);
}

/**
 * A box with a version, which is 0, and flags.
 * @param {string} name
 * @param {number} flags
 * @param {...Bytes} content
 */
const full = (name, flags, ...content) => box(name, number(flags, 4), ...content);

/** @param {number} count */
const zeros = (count) => new Uint8Array(count);

/** @param {number[]} values */
const table = (values) => joined([number(values.length, 4), ...values.map((value) => number(value, 4))]);

/**
 * The file of a film in H.264; its index stands before its frames, so that it plays while it loads.
 * @param {Film} film
 */
export function mp4(film) {
  const kind = box("ftyp", ascii("isom"), number(512, 4), ascii("isomiso2avc1mp41"));
  const content = box("mdat", ...film.frames.map(({ data }) => data));
  const start = kind.length + index(film, 0).length + 8;
  return joined([kind, index(film, start), content]);
}

/**
 * @param {Film} film
 * @param {number} start where in the file the first frame begins
 */
function index({ width, height, frames, end, description }, start) {
  const lasts = frames.map(({ time }, i) => (frames[i + 1]?.time ?? end) - time);
  const keys = frames.flatMap(({ key }, i) => (key ? [i + 1] : []));
  const codec = box("avcC", description ?? []);
  const size = [...number(width, 2), ...number(height, 2)];
  const looks = [size, RESOLUTION, RESOLUTION, zeros(4), [0, 1], zeros(32), [0, 24, 255, 255]]; // 24 bits a pixel
  const about = [zeros(6), [0, 1], zeros(16), ...looks];
  const samples = box(
    "stbl",
    full("stsd", 0, number(1, 4), box("avc1", ...about, codec)),
    full("stts", 0, number(frames.length, 4), ...lasts.map((last) => [...number(1, 4), ...number(last, 4)])),
    full("stss", 0, table(keys)),
    full("stsc", 0, number(1, 4), number(1, 4), number(frames.length, 4), number(1, 4)), // all in one chunk
    full("stsz", 0, zeros(4), table(frames.map(({ data }) => data.length))),
    full("stco", 0, table([start])),
  );
  const here = box("dinf", full("dref", 0, number(1, 4), full("url ", 1))); // frames are in this very file
  const media = box(
    "mdia",
    full("mdhd", 0, zeros(8), number(TICKS, 4), number(end, 4), [0x55, 0xc4, 0, 0]), // of no language
    full("hdlr", 0, zeros(4), ascii("vide"), zeros(12), ascii("Trainscope\0")),
    box("minf", full("vmhd", 1, zeros(8)), here, samples),
  );
  const shown = [...number(width * 65536, 4), ...number(height * 65536, 4)];
  const place = [zeros(8), number(1, 4), zeros(4), number(end, 4), zeros(16), UNITY, shown];
  const track = box("trak", full("tkhd", 3, ...place), media);
  const rate = [...number(0x10000, 4), 1, 0]; // speed and volume, both one
  const time = [zeros(8), number(TICKS, 4), number(end, 4)];
  return box("moov", full("mvhd", 0, ...time, rate, zeros(10), UNITY, zeros(24), number(2, 4)), track);
}
