// The payload that Python sends to the player, what the player reports back, and the little of Vega that it calls.

/** What `core.figure.payload.payload` writes, as JSON. */
export interface Payload {
  clock: ClockNews;
  charts: Chart[];
  /** Rows that several charts draw, by version: a table without rows has those of its version. */
  rows?: Record<string, Row[]>;
  /** Token of the last finished edit that Python knew of. */
  heard?: number;
}

export interface ClockNews {
  /** Training step of every snapshot, ascending. */
  steps: number[];
  /** The position of every snapshot in playing time, 0 to 1, never decreasing. */
  pace: number[];
  /** Length of one pass at speed 1. */
  seconds?: number;
  autoplay?: boolean;
  /** Speed and loop to begin with, and at a new token. */
  speed?: number;
  loop?: boolean;
  /** A new token jumps to the frame and pauses, or plays if there is none and it may play by itself. */
  seek?: { token: string; frame: number | null } | null;
  /** What to see, where a lesson is on screen: it stands with the charts while they are presented. */
  lesson?: string;
  /** Lines of small print under the charts. */
  notes?: string[];
  /** Another number brings the player into view, for keys too. */
  attend?: number | null;
}

/**
 * A chart. Of the top-level params that its spec declares, the clock drives `frame` (index of the snapshot), `tween`
 * (fraction of the way to the next; 0 at rest) and `clock_step` (the step between the two); `ink`, `paper` and `muted`
 * are the theme's colours. An unchanged spec keeps its view and only swaps tables whose version changed, so specs
 * stay constant and what varies is in tables and params.
 */
export interface Chart {
  id: string;
  title?: string;
  caption?: string;
  /** What the chart shows, for readers who do not see it. */
  alt?: string;
  /** Vega-Lite without rows: `"data": {"name": "kinks"}`. */
  spec: Spec;
  tables?: Record<string, Table>;
  /** Values of top-level params. */
  params?: Record<string, unknown>;
  /** Hovering chooses the time: Vega's name of the x scale, and the field on it, `step` or `frame`. */
  scrub?: Axis | null;
  /** A point selection of the spec that is reported to Python. */
  pick?: string | null;
  /** Another selection, under the pointer, that sets other charts' params `cursor_FIELD`. */
  cursor?: string | null;
  edit?: Edit | null;
  /** Of its own snapshots, ascending, where they are others than the clock's. */
  steps?: number[];
  /** As broad as the page. */
  wide?: boolean;
  /** As broad as two columns where there are three. */
  broad?: boolean;
  badge?: { text: string; tone?: "alert" | "quiet" } | null;
}

export type Row = Record<string, any>;
export type Spec = Record<string, any>;

export interface Table {
  version: string;
  rows?: Row[];
}

export interface FilledTable {
  version: string;
  rows: Row[];
}

export type FilledChart = Chart & { tables: Record<string, FilledTable> };

/** Vega's name of a scale (in a vconcat: concat_0_x), and the column that it shows. */
export interface Axis {
  scale: string;
  field: string;
}

/** Points of one table that the reader may move, add and remove. */
export interface Edit {
  table: string;
  x: Axis;
  y: Axis;
  /** Where points may lie; the spec gives the scales' domains, or they would follow the point. */
  bounds: { x: [number, number]; y: [number, number] };
  fewest: number;
  most: number;
  /** Least distance of two points in x. */
  apart: number;
}

// ---- what Python hears ----

export interface Pick {
  chart: string;
  fields: Row;
  token: number;
}

/** A picture of a chart at the snapshot that is shown, "png" say. */
export interface AskedPicture {
  chart: string;
  format: string;
  frame: number;
  step: number;
}

/** All points in the order of the table, a new one last, rounded to 1e-4. */
export interface Edited {
  chart: string;
  table: string;
  rows: Row[];
  /** False while a point is held, true on release. */
  done: boolean;
  token: number;
}

/** Where the reader rests, and how they play; while they do, `frame` and `step` are null. */
export interface Rest {
  frame: number | null;
  step: number | null;
  playing: boolean;
  speed: number;
  loop: boolean;
}

/** Streamlit's setters, or whatever stands in for them; without them the player plays by itself. */
export interface Send {
  setStateValue?: (name: string, value: unknown) => void;
  setTriggerValue?: (name: string, value: unknown) => void;
}

// ---- inside the player ----

/** What the charts should show. */
export interface Moment {
  frame: number;
  tween: number;
  step: number;
  clock_step: number;
}

/** An encoded frame, its time in milliseconds, and whether it can be decoded by itself. */
export interface FilmFrame {
  time: number;
  key: boolean;
  data: Uint8Array<ArrayBuffer>;
}

/** Encoded frames in their order; the last one stays until `end`, in milliseconds. */
export interface Film {
  width: number;
  height: number;
  frames: FilmFrame[];
  end: number;
  /** What a decoder of H.264 has to know first. */
  description?: Uint8Array;
}

export interface Theme {
  ink: string;
  paper: string;
  muted: string;
  line: string;
  grid: string;
  font: string;
  dark: boolean;
  scale: number; // of text: above 1 while the charts are presented
}

export interface Point {
  x: number;
  y: number;
}

export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A scale of Vega: data to pixels, and back. */
export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
}

/** The part of Vega's View that the player calls. */
export interface View {
  signal(name: string): any;
  signal(name: string, value: unknown): View;
  data(name: string): Row[];
  data(name: string, rows: Row[]): View;
  width(): number;
  width(pixels: number): View;
  height(): number;
  origin(): [number, number];
  padding(): { left: number; top: number };
  scale(name: string): Scale;
  scenegraph(): { root: { items: any[] } };
  addEventListener(type: string, handler: (event: any) => void): View;
  addSignalListener(name: string, handler: (name: string, value: any) => void): View;
  resize(): View;
  container(): HTMLElement | null;
  run(): View;
  runAsync(): Promise<View>;
  finalize(): void;
}

export type ViewClass = new (runtime: unknown, options: object) => View;

declare global {
  interface Window {
    vegaEmbed?: (host: HTMLElement, spec: Spec, options: object) => Promise<{ view: View }>;
    /** Read by tests and benchmarks. */
    __trainscope?: { embeds: number; swaps: number; frames: number; views: Record<string, View> };
  }
}
