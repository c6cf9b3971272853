import { type WithoutFigures, wordsOf } from "../api/question.ts";
import type { Estimate } from "../generated/answers.ts";
import { MemoryBar } from "../chart/memory-bar.ts";
import { byId, element, replace, swatch } from "../dom.ts";
import { card, duration, gib, gibRange, grouped, percent } from "../format.ts";
import { chance, verdictName, verdictWords } from "../words.ts";
import { partsOf } from "./parts.ts";

/** The answer in words and figures, and what it is made of as a bar. */
export class VerdictView {
  readonly #bar = new MemoryBar(byId<HTMLCanvasElement>("bar"));

  show(estimate: Estimate): void {
    const word = estimate.gpu == null ? "no GPU chosen" : verdictWords(estimate.gpu);
    const name = estimate.gpu?.verdict ?? "open";
    for (const id of ["verdict-word", "strip-word"]) {
      byId(id).textContent = word;
    }
    byId("strip-text").textContent = short(estimate);
    byId("verdict-sentence").textContent = sentence(estimate);
    byId("verdict-figures").hidden = false;
    byId("verdict-content").hidden = false;
    mark(name);
    this.#drawBar(estimate);
    legend(estimate);
    figures(estimate);
  }

  /** The verdict on a job of which there is no figure. */
  withoutFigures(verdict: WithoutFigures): void {
    const name = verdict.verdict;
    for (const id of ["verdict-word", "strip-word"]) {
      byId(id).textContent = withoutStep(verdict);
    }
    byId("strip-text").textContent = "";
    byId("verdict-sentence").textContent = wordsOf(verdict);
    byId("verdict-figures").hidden = true;
    byId("verdict-content").hidden = false;
    mark(name ?? "open");
  }

  #drawBar(estimate: Estimate): void {
    const { needed } = estimate.memory.ranges;
    this.#bar.draw({
      parts: partsOf(estimate.memory),
      low: needed?.low_bytes ?? estimate.memory.needed_bytes,
      high: needed?.high_bytes ?? estimate.memory.needed_bytes,
      card:
        estimate.gpu == null ? null : { name: estimate.gpu.name, bytes: estimate.gpu.memory_bytes },
    });
    byId("bar").setAttribute("aria-label", `Stacked bar of memory. ${sentence(estimate)}`);
  }
}

/** The verdict's name; a job that trains nothing may have none. */
function withoutStep(verdict: WithoutFigures): string {
  return verdict.verdict === null ? "nothing is trained" : verdictName(verdict.verdict);
}

function mark(name: string): void {
  byId("answer").dataset["verdict"] = name;
  byId("strip").dataset["verdict"] = name;
}

/** The verdict in one sentence, which is what a screen reader is told of a change. */
export function sentence(estimate: Estimate): string {
  const { memory, gpu } = estimate;
  const range = rangeOf(estimate);
  if (gpu == null) {
    return `${estimate.model.id} needs ${gib(memory.needed_bytes)} of a GPU; ${range}`;
  }
  if (isElsewhere(estimate)) {
    return estimate.summary;
  }
  const spare = gpu.headroom_bytes;
  const room = `the ${card(gpu.memory_bytes)} of ${article(gpu.name)} ${gpu.name}`;
  const needs = `${estimate.model.id} needs ${gib(memory.needed_bytes)}`;
  const held =
    spare >= 0 ? ` of ${room}, ${gib(spare)} to spare` : `, ${gib(-spare)} more than ${room}`;
  return `${needs}${held}${likely(gpu.chance)}; ${range}`;
}

/** Whether something else than what the card holds in a pass is too little. */
function isElsewhere({ gpu, decides }: Estimate): boolean {
  const room = gpu != null && gpu.headroom_bytes >= 0 && gpu.verdict === "does_not_fit";
  return room || decides.resource !== "gpu";
}

/** What there is too little of, by the name that people have for it. */
function decisive({ resource }: Estimate["decides"]): string {
  return { gpu: "Each card", host: "The machine's memory", disk: "The machine's disk" }[resource];
}

/** The chance that it fits; of one that hardly is there nobody needs to hear. */
function likely(share: number | null): string {
  return share === null || share < 0.01 ? "" : `, and fits with a chance of ${chance(share)}`;
}

function rangeOf({ memory }: Estimate): string {
  const { needed } = memory.ranges;
  if (needed === null) {
    return "no such run was measured.";
  }
  const ends = gibRange(needed.low_bytes, needed.high_bytes);
  return `nine in ten such runs need ${ends}, as ${needed.runs} measured runs have it.`;
}

function article(name: string): string {
  return /^[AHLRM]/.test(name) ? "an" : "a";
}

function short(estimate: Estimate): string {
  const needs = gib(estimate.memory.needed_bytes);
  return estimate.gpu == null ? needs : `${needs} of ${card(estimate.gpu.memory_bytes)}`;
}

function legend(estimate: Estimate): void {
  const parts = partsOf(estimate.memory);
  const rows = parts.map((part) =>
    element(
      "tr",
      {},
      element("th", { attributes: { scope: "row" } }, swatch(part.name), part.label),
      element("td", {}, gib(part.bytes)),
      element("td", {}, percent(part.bytes, estimate.memory.needed_bytes)),
    ),
  );
  replace(byId("legend-rows"), ...rows);
}

function figures(estimate: Estimate): void {
  const { memory, time } = estimate;
  const found = [
    figure("Tensors at the peak", gib(memory.allocated_bytes), "allocated by PyTorch"),
  ];
  if (isElsewhere(estimate)) {
    const { decides } = estimate;
    const all = decides.available_bytes;
    const there = all === null ? "" : ` of ${gib(all)}`;
    found.push(figure(decisive(decides), gib(decides.needed_bytes) + there, decides.episode));
  }
  if (memory.host_bytes > 0) {
    found.push(figure("Host memory", gib(memory.host_bytes), "for what is offloaded"));
  }
  if (time == null) {
    const why = estimate.gpu == null ? "needs a GPU" : "no rates are known for this GPU";
    found.push(figure("Speed", "not known", why));
  } else {
    const { range, run } = time;
    const ends =
      range == null
        ? ""
        : `${grouped(range.low_tokens_per_second)} to ${grouped(range.high_tokens_per_second)}`;
    found.push(
      figure("Speed", `${grouped(time.tokens_per_second)} tokens/s`, ends),
      figure("Step", duration(time.step_seconds), `${grouped(time.tokens_per_step)} tokens`),
    );
    if (run != null) {
      const hours = `${duration(run.low_seconds)} to ${duration(run.high_seconds)}`;
      found.push(
        figure(`Run of ${grouped(run.tokens)} tokens`, duration(run.total_seconds), hours),
      );
    }
  }
  replace(byId("figures"), ...found);
}

function figure(name: string, value: string, note: string): HTMLElement {
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", {}, element("strong", {}, value), element("span", {}, note)),
  );
}
