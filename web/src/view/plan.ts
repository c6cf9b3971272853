import type { Plan, PlanLine } from "../generated/answers.ts";
import { machines, named, PlanChart } from "../chart/plan-chart.ts";
import { byId, element, nothing, replace } from "../dom.ts";
import { age, dollars, duration, gib, gibRange, grouped } from "../format.ts";
import { labelOf } from "../knob/table.ts";
import { lines, words as said } from "../sentence.ts";
import { flatten } from "../state/job.ts";
import { type Apply, table } from "./advice.ts";

/** The cheapest and the fastest machines, with the settings that are best on each. */
export class PlanView {
  readonly #apply: Apply;
  readonly #chart: PlanChart;
  readonly #point = byId("plan-point");
  #lines: readonly PlanLine[] = [];
  #at = 0;

  constructor(apply: Apply) {
    this.#apply = apply;
    this.#chart = new PlanChart(
      byId<HTMLCanvasElement>("plan-canvas"),
      (line) => this.#take(line),
      (at) => this.#name(at),
    );
    this.#point.addEventListener("keydown", (event) => this.#key(event));
  }

  #take(line: PlanLine): void {
    this.#apply(flatten(line.job));
  }

  /** Says which machine a point is. */
  #name(at: number): void {
    const line = this.#lines[at];
    if (line !== undefined) {
      this.#at = at;
      const words = `${at + 1} of ${this.#lines.length}: ${named(line)}`;
      this.#point.textContent = words;
      this.#point.setAttribute("aria-valuenow", String(at));
      this.#point.setAttribute("aria-valuetext", words);
    }
  }

  #key(event: KeyboardEvent): void {
    const last = this.#lines.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: this.#at - 1,
      ArrowDown: this.#at - 1,
      ArrowRight: this.#at + 1,
      ArrowUp: this.#at + 1,
      Home: 0,
      End: last,
    };
    const at = to[event.key];
    const line = this.#lines[this.#at];
    if (at !== undefined) {
      event.preventDefault();
      this.#name(Math.min(last, Math.max(0, at)));
      this.#chart.mark(this.#at);
    } else if (event.key === "Enter" && line !== undefined) {
      this.#take(line);
    }
  }

  empty(why: string): void {
    this.#lines = [];
    byId("plan-figure").hidden = true;
    replace(byId("plan"), nothing(why));
  }

  redraw(): void {
    if (this.#lines.length > 0) {
      this.#chart.draw(this.#lines);
    }
  }

  show(plan: Plan): void {
    if (plan.lines.length === 0) {
      this.empty(`Nothing is left of ${grouped(plan.candidates)} candidates: ${excluded(plan)}.`);
      return;
    }
    this.#lines = plan.lines;
    byId("plan-figure").hidden = false;
    byId("plan-canvas").setAttribute("aria-label", words(plan));
    this.#chart.draw(plan.lines);
    this.#point.setAttribute("aria-valuemax", String(plan.lines.length - 1));
    this.#name(0);
    const rows = plan.lines.map((line, at) => this.#row(line, at));
    const heads = ["machine and settings", "price of the run", "time", "needs", ""];
    const ages = age(plan.age_days_least, plan.age_days_most, plan.age_may_be_more);
    replace(
      byId("plan"),
      table(heads, rows),
      element(
        "p",
        { class: "note" },
        `Best of ${grouped(plan.candidates)} candidates, offers times settings.` +
          ` Age of the prices: ${ages}.`,
      ),
      ...lines(plan.assumption_notices, labelOf).map((counted) =>
        element("p", { class: "note" }, counted),
      ),
    );
  }

  #row(line: PlanLine, at: number): HTMLElement {
    const name = machines(line);
    const why = line.before_next === null ? "" : line.before_next;
    const button = element(
      "button",
      {
        class: "small",
        attributes: { type: "button", "data-key": `plan-${at}`, "aria-label": `Take ${name}` },
        on: { click: () => this.#take(line) },
      },
      "Take",
    );
    return element(
      "tr",
      {},
      element(
        "th",
        { attributes: { scope: "row" } },
        name,
        element("span", { class: "unit" }, `${provider(line)} · ${settings(line)}`),
        why === "" ? null : element("span", { class: "unit" }, why),
      ),
      element("td", {}, dollars(line.cost_usd)),
      element(
        "td",
        {},
        duration(line.hours * 3600),
        element("span", { class: "unit" }, `${grouped(line.tokens_per_second)} tokens/s`),
      ),
      element(
        "td",
        {},
        gib(line.needed_bytes),
        element("span", { class: "unit" }, gibRange(line.low_bytes, line.high_bytes)),
      ),
      element("td", { class: "act" }, button),
    );
  }
}

/** Who rents a machine out; a private host may take it away. */
function provider({ offer }: PlanLine): string {
  return offer.peer_to_peer ? `${offer.provider} (private host)` : offer.provider;
}

function settings(line: PlanLine): string {
  const flat = flatten(line.job);
  const [micro, accumulated] = [flat["batch.micro_batch"], flat["batch.grad_accum"]];
  const batch = `${micro} × ${accumulated} × ${line.nodes * line.offer.count}`;
  return [
    flat["method"],
    flat["parallelism.strategy"],
    `${batch} sequences`,
    `checkpointing ${flat["checkpointing"]}`,
    `loss ${flat["loss"]}`,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}

function words(plan: Plan): string {
  const cheapest = plan.lines[0];
  const fastest = plan.lines[plan.lines.length - 1];
  if (cheapest === undefined || fastest === undefined) {
    return "";
  }
  const say = (line: PlanLine) =>
    `${machines(line)} at ${dollars(line.cost_usd)}` +
    ` in ${duration(line.hours * 3600)}`;
  const ends = `from ${say(cheapest)} to ${say(fastest)}`;
  return `Dollars against hours of ${plan.lines.length} machines, ${ends}.`;
}

function excluded(plan: Plan): string {
  return plan.excluded
    .map((row) => `${grouped(row.candidates)} fail ${said(row.sentence, labelOf)}`)
    .join(", ");
}
