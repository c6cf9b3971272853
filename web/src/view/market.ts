import type { Cost, CostExcluded, CostMachine, Offer } from "../generated/answers.ts";
import { byId, element, nothing, replace } from "../dom.ts";
import { age, dollars, duration, gib } from "../format.ts";
import { type Apply, badge, table } from "./advice.ts";

/** All GPUs by the price of the run, those that do not hold it last. */
export class MarketView {
  readonly #apply: Apply;

  constructor(apply: Apply) {
    this.#apply = apply;
  }

  empty(why: string): void {
    replace(byId("market"), nothing(why));
  }

  show(cost: Cost): void {
    if (cost.machines.length === 0 && cost.left_out.length === 0) {
      this.empty("No GPU is on offer in the price list.");
      return;
    }
    const rows = [
      ...cost.machines.map((machine, at) => this.#machine(machine, at)),
      ...cost.left_out.map(leftOut),
    ];
    const heads = ["GPUs of one machine", "fit", "run", "on demand", "spot", ""];
    const ages = age(cost.age_days_least, cost.age_days_most, cost.age_may_be_more);
    const notes = cost.assumptions.map((words) => element("li", {}, words));
    replace(
      byId("market"),
      table(heads, rows),
      element("p", { class: "note" }, `Age of the prices: ${ages}. A list is no stock.`),
      element(
        "details",
        {},
        element("summary", {}, "Assumptions"),
        element("ul", { class: "note" }, ...notes),
      ),
    );
  }

  #machine(machine: CostMachine, at: number): HTMLElement {
    const each = `${machine.count} × ${machine.gpu}`;
    const name = machine.nodes > 1 ? `${machine.nodes} × ${each}` : each;
    const detail = machine.strategy === null ? "" : machine.strategy;
    const spot = machine.spot;
    const spotUsd = spot === null || spot.hopeless ? null : (spot.expected_usd ?? null);
    return element(
      "tr",
      {},
      element(
        "th",
        { attributes: { scope: "row" } },
        name,
        element("span", { class: "unit" }, detail),
      ),
      element("td", { class: "text" }, badge(machine.verdict, machine.verdict_words)),
      element(
        "td",
        {},
        duration(machine.seconds),
        element(
          "span",
          { class: "unit" },
          `${duration(machine.low_seconds)} to ${duration(machine.high_seconds)}`,
        ),
      ),
      priced(machine.on_demand?.usd ?? null, machine.on_demand?.offer),
      priced(spotUsd, spot?.offer),
      element("td", { class: "act" }, this.#button(machine, name, at)),
    );
  }

  #button(machine: CostMachine, name: string, at: number): HTMLElement {
    const changes = {
      "hardware.gpu": machine.gpu,
      "hardware.count": String(machine.count * machine.nodes),
      "hardware.nodes": machine.nodes > 1 ? String(machine.nodes) : null,
      "parallelism.strategy": machine.strategy,
    };
    return element(
      "button",
      {
        class: "small",
        attributes: { type: "button", "data-key": `machine-${at}`, "aria-label": `Take ${name}` },
        on: { click: () => this.#apply(changes) },
      },
      "Take",
    );
  }
}

/** What a run costs, and below it how old the price is. */
function priced(usd: number | null, offer: Offer | undefined): HTMLElement {
  if (usd === null || offer === undefined) {
    return element("td", {}, "–");
  }
  const old = age(offer.age_days_least, offer.age_days_most, offer.age_may_be_more);
  return element("td", {}, dollars(usd), element("span", { class: "unit" }, `${old} old`));
}

/** What of a machine is too little where its GPUs are not. */
function ofMachine(row: CostExcluded): string {
  if (row.machine_needs_bytes === undefined || row.machine_has_bytes === undefined) {
    return "";
  }
  const what = row.resource === "disk" ? "disk" : "memory of its own";
  return `needs ${gib(row.machine_needs_bytes)} of ${gib(row.machine_has_bytes)} of ${what}`;
}

function leftOut(row: CostExcluded): HTMLElement {
  const why =
    row.needed_bytes !== undefined && row.usable_bytes !== undefined
      ? `needs ${gib(row.needed_bytes)} of ${gib(row.usable_bytes)}`
      : (row.detail ?? ofMachine(row));
  const isTooSmall = row.reason !== "not_known";
  return element(
    "tr",
    { class: "left-out" },
    element("th", { attributes: { scope: "row" } }, `${row.count} × ${row.gpu}`),
    element("td", { class: "text" }, isTooSmall ? badge("no") : badge("not_known")),
    element("td", { class: "text", attributes: { colspan: "4" } }, why),
  );
}
