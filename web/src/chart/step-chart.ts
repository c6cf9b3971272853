import { Chart, type ChartDataset, type ChartOptions } from "chart.js";
import type { AnnotationOptions } from "chartjs-plugin-annotation";
import type { Timeline } from "../generated/answers.ts";
import { card, gib } from "../format.ts";
import { CATEGORIES } from "../generated/words.ts";
import { category, phase } from "../words.ts";
import { color } from "./setup.ts";

const GIB = 2 ** 30;
/** Room that a letter of a phase's name takes, in pixels. */
const LETTER = 6.6;
/** Room that the labels of the axis take, in pixels. */
const AXIS = 80;

interface Dot {
  readonly x: number;
  readonly y: number;
}

/** Memory through the step, stacked by component, with its phases and its peak. */
export class StepChart {
  readonly #canvas: HTMLCanvasElement;
  #chart: Chart<"line", Dot[]> | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  draw(timeline: Timeline, cardBytes: number | null): void {
    const datasets = layers(timeline);
    const options = stepOptions(
      timeline,
      cardBytes,
      (this.#canvas.parentElement?.clientWidth ?? 0) - AXIS,
    );
    if (this.#chart === null) {
      this.#chart = new Chart(this.#canvas, { type: "line", data: { datasets }, options });
    } else {
      this.#chart.data.datasets = datasets;
      this.#chart.options = options;
      this.#chart.update("none");
    }
  }

  /** The place of a point, in CSS pixels from the left of the canvas. */
  left(point: number): number {
    return this.#chart?.scales["x"]?.getPixelForValue(point) ?? 0;
  }

  /** The point under a place. */
  pointAt(left: number): number {
    return Math.round(this.#chart?.scales["x"]?.getValueForPixel(left) ?? 0);
  }
}

/** Each component on top of those below it; to add them up here saves the library half its time. */
function layers(timeline: Timeline): ChartDataset<"line", Dot[]>[] {
  const sums = timeline.total_bytes.map(() => 0);
  const columns = [...CATEGORIES.keys()]
    .map((name) => ({ name, bytes: timeline.breakdown_bytes[name] ?? [] }))
    .filter(({ bytes }) => bytes.some((part) => part > 0));
  return columns.map(({ name, bytes }, at) => ({
    label: category(name),
    data: bytes.map((part, x) => ({ x, y: (sums[x] = (sums[x] ?? 0) + part) / GIB })),
    parsing: false,
    normalized: true,
    fill: at === 0 ? "origin" : "-1",
    backgroundColor: color(name),
    borderWidth: 0,
    pointRadius: 0,
    pointHitRadius: 0,
    stepped: true,
  }));
}

function stepOptions(
  timeline: Timeline,
  cardBytes: number | null,
  width: number,
): ChartOptions<"line"> {
  const muted = color("muted");
  const highest = timeline.total_bytes[timeline.peak] ?? 0;
  const isCardNear = cardBytes !== null && cardBytes < 1.4 * highest;
  const most = isCardNear ? Math.max(cardBytes, highest) : highest;
  return {
    events: [],
    layout: { padding: { right: 8 } },
    scales: {
      x: {
        type: "linear",
        min: 0,
        max: timeline.total_bytes.length - 1,
        grid: { display: false },
        border: { display: false },
        ticks: { display: false },
        title: { display: true, text: "events of the step, in their order", color: muted },
      },
      y: {
        min: 0,
        max: (most / GIB) * 1.12,
        grid: { color: color("line") },
        border: { display: false },
        ticks: {
          color: muted,
          maxTicksLimit: 6,
          includeBounds: false,
          callback: (value) => `${value} GiB`,
        },
        title: { display: true, text: "tensors", color: muted },
      },
    },
    plugins: {
      tooltip: { enabled: false },
      annotation: { annotations: marks(timeline, cardBytes, width) },
    },
  };
}

function marks(
  timeline: Timeline,
  cardBytes: number | null,
  width: number,
): Record<string, AnnotationOptions> {
  const ink = color("ink");
  const highest = timeline.total_bytes[timeline.peak] ?? 0;
  const isLate = timeline.peak > timeline.total_bytes.length / 2;
  const found: Record<string, AnnotationOptions> = {
    peak: {
      type: "line",
      xMin: timeline.peak,
      xMax: timeline.peak,
      borderColor: ink,
      borderWidth: 1.5,
    },
    peakLabel: {
      type: "label",
      xValue: timeline.peak,
      yValue: highest / GIB,
      content: `peak ${gib(highest)}`,
      z: 1,
      position: { x: isLate ? "end" : "start", y: "end" },
      color: ink,
      font: { weight: 700 },
      padding: { left: 6, right: 6, top: 0, bottom: 4 },
    },
    dot: {
      type: "point",
      xValue: timeline.peak,
      yValue: highest / GIB,
      radius: 4,
      backgroundColor: ink,
      borderColor: color("paper"),
      borderWidth: 1.5,
    },
  };
  if (cardBytes !== null) {
    found["card"] = {
      type: "line",
      yMin: cardBytes / GIB,
      yMax: cardBytes / GIB,
      borderColor: ink,
      borderWidth: 1.5,
      borderDash: [6, 4],
      label: {
        display: true,
        content: `card ${card(cardBytes)}`,
        position: isLate ? "end" : "start",
        color: ink,
        backgroundColor: color("paper"),
        padding: { left: 4, right: 4, top: 2, bottom: 2 },
      },
    };
  }
  for (const span of timeline.phases) {
    found[`from ${span.from}`] = {
      type: "line",
      xMin: span.from,
      xMax: span.from,
      borderColor: color("paper"),
      borderWidth: span.from === 0 ? 0 : 1,
    };
    const room = (width * (span.to - span.from)) / timeline.total_bytes.length;
    if (phase(span.phase).length * LETTER < room) {
      found[`name ${span.from}`] = {
        type: "label",
        xValue: (span.from + span.to) / 2,
        yValue: 0,
        content: phase(span.phase),
        position: { x: "center", y: "end" },
        color: color("on-part"),
        font: { size: 12 },
        padding: { bottom: 6 },
      };
    }
  }
  return found;
}
