// @ts-check
// A video track as a WebM file: the few elements of Matroska that a player needs (RFC 8794, RFC 9559).

/** @import { Film } from "./types.d.ts" */

const TRACK = 1;
const KEY_FRAME = 0x80; // flag of a block

/** @typedef {Uint8Array | number[]} Bytes */

/** @param {Bytes[]} parts */
export function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/**
 * A number in so many bytes, the most significant first.
 * @param {number} value
 * @param {number} length
 */
export const number = (value, length) =>
  Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);

/** @param {string} text */
export const ascii = (text) => [...text].map((letter) => letter.charCodeAt(0));

/**
 * An element: its id, the length of its content in eight bytes, its content.
 * @param {number} id
 * @param {...Bytes} content
 */
function ebml(id, ...content) {
  const inside = joined(content);
  const digits = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  return joined([number(id, digits), [0x01], number(inside.length, 7), inside]);
}

/** @param {number} value */
function float(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/**
 * The file of a film in VP9: a cluster from each key frame to the next, and a table of where they are, to seek by.
 * @param {Film} film
 */
export function webm({ width, height, frames, end }) {
  const head = ebml(
    0x1a45dfa3,
    ebml(0x4286, [1]), // version of EBML
    ebml(0x42f7, [1]), // and what is needed to read it
    ebml(0x42f2, [4]), // longest id
    ebml(0x42f3, [8]), // longest length
    ebml(0x4282, ascii("webm")),
    ebml(0x4287, [4]), // version of the type
    ebml(0x4285, [2]), // and what is needed to read it
  );
  const info = ebml(
    0x1549a966,
    ebml(0x2ad7b1, number(1e6, 4)), // nanoseconds of a tick: times are in milliseconds
    ebml(0x4489, float(end)),
    ebml(0x4d80, ascii("Trainscope")),
    ebml(0x5741, ascii("Trainscope")),
  );
  const picture = ebml(0xe0, ebml(0xb0, number(width, 2)), ebml(0xba, number(height, 2)));
  const video = [ebml(0x83, [1]), ebml(0x86, ascii("V_VP9")), picture];
  const tracks = ebml(0x1654ae6b, ebml(0xae, ebml(0xd7, [TRACK]), ebml(0x73c5, [TRACK]), ...video));
  const starts = frames.flatMap(({ key }, i) => (key ? [i] : []));
  const clusters = starts.map((start, i) => cluster(frames.slice(start, starts[i + 1])));
  const times = starts.map((start) => frames[start].time);
  const before = info.length + tracks.length + cues(times, []).length;
  const places = clusters.map((_, i) => clusters.slice(0, i).reduce((length, one) => length + one.length, before));
  return joined([head, ebml(0x18538067, info, tracks, cues(times, places), ...clusters)]);
}

/** @param {Film["frames"]} frames */
function cluster(frames) {
  const start = frames[0].time;
  const blocks = frames.map(({ time, key, data }) =>
    ebml(0xa3, [0x80 | TRACK, ...number(time - start, 2), key ? KEY_FRAME : 0], data),
  );
  return ebml(0x1f43b675, ebml(0xe7, number(start, 4)), ...blocks);
}

/**
 * Where in the segment the cluster of each time begins; as long whatever the places are.
 * @param {number[]} times
 * @param {number[]} places
 */
function cues(times, places) {
  const points = times.map((time, i) => {
    const place = ebml(0xb7, ebml(0xf7, [TRACK]), ebml(0xf1, number(places[i] ?? 0, 6)));
    return ebml(0xbb, ebml(0xb3, number(time, 4)), place);
  });
  return ebml(0x1c53bb6b, ...points);
}
