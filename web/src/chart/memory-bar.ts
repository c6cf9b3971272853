import { Chart, type ChartDataset, type ChartOptions } from "chart.js";
import { card, gib } from "../format.ts";
import type { Part } from "../view/parts.ts";
import { color } from "./setup.ts";

const GIB = 2 ** 30;
/** From the middle of the bar to the name of the card above it, in pixels. */
const ABOVE = 40;

/** What a bar shows, in bytes. */
export interface Bar {
  readonly parts: readonly Part[];
  readonly low: number;
  readonly high: number;
  /** The card, where there is one. */
  readonly card: { readonly name: string; readonly bytes: number } | null;
}

type BarChart = Chart<"bar", (number | [number, number] | null)[]>;
type BarData = ChartDataset<"bar", (number | [number, number] | null)[]>;

/** Memory by component as one stacked bar, the range under it, the card as a line. */
export class MemoryBar {
  readonly #canvas: HTMLCanvasElement;
  #chart: BarChart | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  draw(bar: Bar): void {
    const datasets = bar.parts.map(segment);
    datasets.push(range(bar));
    const options = barOptions(bar);
    if (this.#chart === null) {
      this.#chart = new Chart(this.#canvas, {
        type: "bar",
        data: { labels: ["needs", "range"], datasets },
        options,
      });
    } else {
      this.#chart.data.datasets = datasets;
      this.#chart.options = options;
      this.#chart.update("none");
    }
  }
}

function segment(part: Part): BarData {
  return {
    label: part.label,
    data: [part.bytes / GIB, null],
    backgroundColor: color(part.name),
    borderColor: color("paper"),
    borderWidth: { left: 0, right: 1, top: 0, bottom: 0 },
    borderSkipped: false,
    stack: "needs",
    barPercentage: 1,
    categoryPercentage: 0.86,
  };
}

function range(bar: Bar): BarData {
  return {
    label: "range of nine in ten such runs",
    data: [null, [bar.low / GIB, bar.high / GIB]],
    backgroundColor: color("range"),
    stack: "needs",
    barPercentage: 1,
    categoryPercentage: 0.86,
    barThickness: 8,
  };
}

function barOptions(bar: Bar): ChartOptions<"bar"> {
  const ink = color("ink");
  const muted = color("muted");
  const most = Math.max(bar.high, bar.card?.bytes ?? 0) / GIB;
  return {
    indexAxis: "y",
    layout: { padding: { top: 24, right: 8 } },
    scales: {
      x: {
        stacked: true,
        min: 0,
        max: most * 1.04,
        grid: { color: color("line") },
        border: { display: false },
        ticks: {
          color: muted,
          maxTicksLimit: 8,
          includeBounds: false,
          callback: (value) => `${value} GiB`,
        },
        title: { display: true, text: "memory of one GPU", color: muted },
      },
      y: {
        stacked: true,
        grid: { display: false },
        border: { display: false },
        ticks: { color: muted },
      },
    },
    plugins: {
      tooltip: {
        callbacks: {
          title: () => "",
          label: (item) =>
            item.dataIndex === 1
              ? `nine in ten such runs: ${gib(bar.low)} to ${gib(bar.high)}`
              : `${item.dataset.label}: ${gib(Number(item.raw) * GIB)}`,
        },
      },
      annotation: {
        clip: false,
        annotations:
          bar.card === null
            ? {}
            : {
                card: {
                  type: "line",
                  xMin: bar.card.bytes / GIB,
                  xMax: bar.card.bytes / GIB,
                  borderColor: ink,
                  borderWidth: 2,
                },
                cardName: {
                  type: "label",
                  xValue: bar.card.bytes / GIB,
                  yValue: "needs",
                  yAdjust: -ABOVE,
                  content: `${bar.card.name}, ${card(bar.card.bytes)}`,
                  position: { x: bar.card.bytes / GIB > most * 0.5 ? "end" : "start", y: "center" },
                  color: ink,
                  font: { weight: 650 },
                  padding: 0,
                },
              },
      },
    },
  };
}
