import type { Estimate, Timeline } from "../generated/answers.ts";
import { StepChart } from "../chart/step-chart.ts";
import { heldAt, highest, neighbour, phaseAt } from "../chart/timeline.ts";
import { byId, element, nothing, replace, swatch } from "../dom.ts";
import { gib, grouped } from "../format.ts";
import { category, phase } from "../words.ts";
import { showLife } from "./life.ts";

/** The step as it runs: a chart read by pointer or arrow keys, and the tensors at its peak. */
export class StepView {
  readonly #chart = new StepChart(byId<HTMLCanvasElement>("step-canvas"));
  readonly #slider = byId("step-slider");
  readonly #cursor = byId("step-cursor");
  readonly #details = byId<HTMLDetailsElement>("step-table");
  #estimate: Estimate | null = null;
  #at = 0;

  constructor() {
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
    this.#slider.addEventListener("pointermove", (event) => this.#point(event));
    this.#slider.addEventListener("pointerdown", (event) => this.#point(event));
    this.#slider.addEventListener("pointerleave", () => this.#toPeak());
    window.addEventListener("resize", () => this.redraw());
    this.#details.addEventListener("toggle", () => this.#showTable());
  }

  show(estimate: Estimate): void {
    this.#estimate = estimate;
    const timeline = estimate.timeline;
    byId("step-content").hidden = timeline === undefined;
    byId("step-nothing").replaceChildren(
      timeline === undefined ? nothing("This server's estimate has no timeline.") : "",
    );
    alive(estimate);
    showLife(estimate);
    if (timeline !== undefined) {
      this.#showTable();
      this.#slider.setAttribute("aria-valuemax", String(timeline.total_bytes.length - 1));
      this.redraw();
    }
  }

  redraw(): void {
    const timeline = this.#estimate?.timeline;
    if (timeline !== undefined) {
      this.#chart.draw(timeline, this.#estimate?.gpu?.memory_bytes ?? null);
      this.#toPeak();
    }
  }

  #showTable(): void {
    const timeline = this.#estimate?.timeline;
    if (this.#details.open && timeline !== undefined) {
      phaseRows(timeline);
    }
  }

  #toPeak(): void {
    const peak = this.#estimate?.timeline?.peak;
    if (peak !== undefined) {
      this.#go(peak);
    }
  }

  #point(event: PointerEvent): void {
    const box = this.#slider.getBoundingClientRect();
    this.#go(this.#chart.pointAt(event.clientX - box.left));
  }

  #key(event: KeyboardEvent): void {
    const timeline = this.#estimate?.timeline;
    if (timeline === undefined) {
      return;
    }
    const goals: Record<string, number> = {
      ArrowRight: this.#at + 1,
      ArrowUp: this.#at + 1,
      ArrowLeft: this.#at - 1,
      ArrowDown: this.#at - 1,
      PageDown: neighbour(timeline, this.#at, 1),
      PageUp: neighbour(timeline, this.#at, -1),
      Home: 0,
      End: timeline.total_bytes.length - 1,
      p: timeline.peak,
    };
    const goal = goals[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      this.#go(goal);
    }
  }

  #go(to: number): void {
    const timeline = this.#estimate?.timeline;
    if (timeline === undefined) {
      return;
    }
    this.#at = Math.min(Math.max(to, 0), timeline.total_bytes.length - 1);
    this.#cursor.style.left = `${this.#chart.left(this.#at)}px`;
    const where = phase(phaseAt(timeline, this.#at));
    const words = `${where}: ${gib(timeline.total_bytes[this.#at] ?? 0)}`;
    const isPeak = this.#at === timeline.peak;
    this.#slider.setAttribute("aria-valuenow", String(this.#at));
    this.#slider.setAttribute("aria-valuetext", isPeak ? `peak, ${words}` : words);
    byId("step-where").textContent = isPeak ? `At the peak, ${words}` : `In ${words}`;
    replace(byId("step-parts"), ...pointParts(timeline, this.#at));
    byId("alive").classList.toggle("is-elsewhere", !isPeak);
  }
}

function pointParts(timeline: Timeline, at: number): HTMLElement[] {
  return heldAt(timeline, at).map(({ name, bytes }) =>
    element("li", {}, swatch(name), `${category(name)} `, element("b", {}, gib(bytes))),
  );
}

function phaseRows(timeline: Timeline): void {
  const rows = timeline.phases.map((span) => {
    const top = highest(timeline, span);
    const most = heldAt(timeline, top)
      .sort((one, other) => other.bytes - one.bytes)
      .slice(0, 3)
      .map(({ name, bytes }) => `${category(name)} ${gib(bytes)}`);
    return element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, phase(span.phase)),
      element("td", {}, gib(timeline.total_bytes[span.from] ?? 0)),
      element("td", {}, gib(timeline.total_bytes[top] ?? 0)),
      element("td", { class: "text" }, most.join(", ")),
    );
  });
  replace(byId("phase-rows"), ...rows);
}

function alive(estimate: Estimate): void {
  const rows = estimate.memory.alive.map((tensors) =>
    element(
      "tr",
      {},
      element(
        "th",
        { attributes: { scope: "row" } },
        swatch(tensors.category),
        `${grouped(tensors.count)} × ${tensors.name}`,
      ),
      element("td", {}, gib(tensors.bytes)),
    ),
  );
  replace(byId("alive-rows"), ...rows);
}
