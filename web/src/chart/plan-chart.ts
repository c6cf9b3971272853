import { Chart, type ChartOptions } from "chart.js";
import type { PlanLine } from "../generated/answers.ts";
import { dollars, duration } from "../format.ts";
import { color } from "./setup.ts";

interface Dot {
  readonly x: number;
  readonly y: number;
}

/** Offers than which none is both cheaper and faster, as hours and dollars. */
export class PlanChart {
  readonly #canvas: HTMLCanvasElement;
  readonly #chosen: (line: PlanLine) => void;
  readonly #pointed: (at: number) => void;
  #chart: Chart<"scatter", Dot[]> | null = null;

  /**
   * A chart that is not drawn yet.
   *
   * @param chosen is told of a click on a machine
   * @param pointed is told of the machine under the pointer
   */
  constructor(
    canvas: HTMLCanvasElement,
    chosen: (line: PlanLine) => void,
    pointed: (at: number) => void,
  ) {
    this.#canvas = canvas;
    this.#chosen = chosen;
    this.#pointed = pointed;
  }

  /** Marks a machine as the pointer would. */
  mark(at: number): void {
    const chart = this.#chart;
    const dot = chart?.getDatasetMeta(0).data[at];
    if (chart && dot) {
      const active = [{ datasetIndex: 0, index: at }];
      chart.setActiveElements(active);
      chart.tooltip?.setActiveElements(active, { x: dot.x, y: dot.y });
      chart.update("none");
    }
  }

  draw(lines: readonly PlanLine[]): void {
    const data = {
      datasets: [
        {
          data: lines.map((line) => ({ x: line.hours, y: line.cost_usd })),
          showLine: true,
          borderColor: color("line-strong"),
          borderWidth: 1.5,
          backgroundColor: color("accent"),
          pointBorderColor: color("paper"),
          pointRadius: 7,
          pointHoverRadius: 9,
          pointHitRadius: 10,
        },
      ],
    };
    const options = this.#options(lines);
    if (this.#chart === null) {
      this.#chart = new Chart(this.#canvas, { type: "scatter", data, options });
    } else {
      this.#chart.data = data;
      this.#chart.options = options;
      this.#chart.update("none");
    }
  }

  #options(lines: readonly PlanLine[]): ChartOptions<"scatter"> {
    const muted = color("muted");
    const axis = { grid: { color: color("line") }, border: { display: false } };
    const [hours, usd] = [lines.map((line) => line.hours), lines.map((line) => line.cost_usd)];
    return {
      layout: { padding: { right: 12, top: 8 } },
      scales: {
        x: {
          ...axis,
          type: "logarithmic",
          ...room(hours),
          title: { display: true, text: "hours of the run", color: muted },
          ticks: { color: muted, callback: (value) => rounded(Number(value)) },
        },
        y: {
          ...axis,
          type: "logarithmic",
          ...room(usd),
          title: { display: true, text: "dollars of the run", color: muted },
          ticks: { color: muted, callback: (value) => rounded(Number(value)) },
        },
      },
      onHover: (event, found) => {
        const target = event.native?.target;
        if (target instanceof HTMLElement) {
          target.classList.toggle("is-pointing", found.length > 0);
        }
        if (found[0] !== undefined) {
          this.#pointed(found[0].index);
        }
      },
      onClick: (_event, found) => {
        const line = lines[found[0]?.index ?? -1];
        if (line !== undefined) {
          this.#chosen(line);
        }
      },
      plugins: {
        tooltip: {
          displayColors: false,
          callbacks: {
            label: (item) => {
              const line = lines[item.dataIndex];
              return line === undefined
                ? ""
                : `${named(line)}; click takes it`;
            },
          },
        },
      },
    };
  }
}

/** The machines of a line, e.g. 2 × 8 × H100. */
export function machines(line: PlanLine): string {
  const several = line.nodes > 1 ? `${line.nodes} × ` : "";
  return `${several}${line.offer.count} × ${line.offer.gpu}`;
}

/** A line in a few words. */
export function named(line: PlanLine): string {
  const ends = `${dollars(line.cost_usd)}, ${duration(line.hours * 3600)}`;
  return `${machines(line)} of ${line.offer.provider}: ${ends}`;
}

/** Labels of a logarithmic axis: few digits times a power of ten. */
function rounded(value: number): string {
  const digit = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  const isLabel = [1, 2, 3, 5, 7].some((label) => Math.abs(digit - label) < 1e-6);
  return isLabel ? String(Number(value.toPrecision(2))) : "";
}

/** Ends of an axis, with room beside the outermost values. */
function room(values: readonly number[]): { min: number; max: number } {
  return { min: Math.min(...values) / 1.25, max: Math.max(...values) * 1.25 };
}
