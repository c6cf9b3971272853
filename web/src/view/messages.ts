import type { Estimate } from "../generated/answers.ts";
import type { Problem } from "../api/client.ts";
import { type WithoutFigures, wordsOf } from "../api/question.ts";
import { byId, element, nothing, replace } from "../dom.ts";
import { grouped, parameters } from "../format.ts";
import { labelOf } from "../knob/table.ts";
import { line, lines } from "../sentence.ts";
import type { Store } from "../state/store.ts";
import { verdictName, verdictWords } from "../words.ts";
import { sentence } from "./verdict.ts";

/** Quiet time before a screen reader is told of a change, in milliseconds. */
const QUIET_MILLIS = 700;

/** Errors, warnings and the summary that is read out. */
export class Messages {
  #address: readonly string[] = [];
  #refused: readonly string[] = [];
  #problem: string | null = null;
  #warnings: readonly string[] = [];
  #timer = 0;

  /** What the address says that is not understood, or what it cannot hold. */
  address(store: Store): void {
    const { leftOut } = store;
    const files = leftOut.join(", ");
    const tooLarge =
      leftOut.length === 0
        ? []
        : [`A link to this page does not hold ${files}, which is too large for an address.`];
    this.#address = [...store.complaints, ...tooLarge];
    this.#show();
  }

  refused(sentences: readonly string[]): void {
    this.#refused = sentences;
    this.#show();
  }

  estimated(estimate: Estimate): void {
    this.#problem = null;
    this.#warnings = lines(estimate.notices, labelOf);
    byId("verdict-nothing").replaceChildren();
    this.#show();
    const word = estimate.gpu == null ? "No GPU chosen" : verdictWords(estimate.gpu);
    this.#say(`${word}: ${sentence(estimate)}`);
    document.title = `${word}: ${estimate.model.id} · Vramcast`;
  }

  /** There is a verdict without figures. */
  withoutFigures(verdict: WithoutFigures): void {
    this.#problem = null;
    const trains = verdict.kind !== "weights";
    this.nothing(trains ? `${line(verdict.notice, labelOf)}.` : wordsOf(verdict));
    byId("verdict-nothing").replaceChildren();
    const name = verdict.verdict === null ? "Nothing is trained" : verdictName(verdict.verdict);
    document.title = `${name} · Vramcast`;
  }

  failed(problem: Problem): void {
    this.#problem = problem.line(labelOf);
    this.#show();
    document.title = "Error · Vramcast";
  }

  /** There is nothing to estimate. */
  nothing(why: string): void {
    this.#warnings = [];
    for (const id of ["verdict-content", "step-content", "life-section"]) {
      byId(id).hidden = true;
    }
    for (const id of ["verdict-nothing", "step-nothing"]) {
      byId(id).replaceChildren(nothing(why));
    }
    byId("answer").dataset["verdict"] = "open";
    byId("strip").dataset["verdict"] = "open";
    byId("strip-word").textContent = "no model";
    byId("strip-text").textContent = "";
    byId("model-facts").textContent = "";
    byId("assumptions").replaceChildren(element("li", {}, why));
    document.title = "Vramcast";
    if (this.#problem === null) {
      this.#say(why);
    }
    this.#show();
  }

  #show(): void {
    const errors = this.#problem === null ? [] : [this.#problem];
    const items = [
      ...errors.map((words) => message("error", words)),
      ...this.#refused.map((words) => message("warning", words)),
      ...this.#address.map((words) => message("warning", words)),
    ];
    replace(byId("messages"), ...items);
    this.#fold();
  }

  /** Warnings are no reason to look away from the verdict. */
  #fold(): void {
    const count = this.#warnings.length;
    byId("warnings").hidden = count === 0;
    byId("warnings-count").textContent = `${count} ${count === 1 ? "note" : "notes"} on this job`;
    replace(byId("warning-list"), ...this.#warnings.map((words) => message("warning", words)));
  }

  #say(words: string): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (byId("summary").textContent = words), QUIET_MILLIS);
  }
}

/** What is known of the model, below its name. */
export function modelFacts({ model }: Estimate): void {
  const active =
    model.active_parameters === model.parameters
      ? ""
      : `, ${parameters(model.active_parameters)} of them active`;
  byId("model-facts").textContent =
    `${parameters(model.parameters)} parameters${active}, ${grouped(model.layers)} layers;` +
    ` ${model.origin}`;
}

export function showAssumptions(sentences: readonly string[]): void {
  replace(byId("assumptions"), ...sentences.map((words) => element("li", {}, words)));
}

function message(severity: string, words: string): HTMLElement {
  return element("li", { attributes: { "data-severity": severity } }, words);
}
