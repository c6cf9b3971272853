import type { Fit, FitChange } from "../generated/answers.ts";
import { byId, element, nothing, replace } from "../dom.ts";
import { gib, grouped } from "../format.ts";
import { difference, flatten } from "../state/job.ts";
import { verdictName, verdictWords } from "../words.ts";

/** Changes to the job: texts of keys, null for one that is taken out. */
export type Apply = (changes: Record<string, string | null>) => void;

/** What would make the job fit; a click applies it. */
export class AdviceView {
  readonly #apply: Apply;

  constructor(apply: Apply) {
    this.#apply = apply;
  }

  /** Says why there is nothing to show. */
  empty(why: string): void {
    replace(byId("advice"), nothing(why));
  }

  show(fit: Fit): void {
    if (fit.alone.length === 0) {
      this.empty(
        fit.verdict === "fits"
          ? "Nothing is needed: it fits, with the whole range."
          : "Nothing that is known: no change of this job saves memory.",
      );
      return;
    }
    replace(byId("advice"), ...this.#likely(fit), ...this.#together(fit), ...this.#alone(fit));
  }

  #likely(fit: Fit): HTMLElement[] {
    const where = fit.gpus === 1 ? "On this card" : "On these cards";
    return this.#several(fit, fit.likely, "likely", `${where} these make it probable together`);
  }

  #together(fit: Fit): HTMLElement[] {
    const words =
      fit.together[fit.together.length - 1]?.verdict === "fits"
        ? "Together these make it fit"
        : "Together, as far as it goes, it is still not certain to fit";
    return this.#several(fit, fit.together, "together", words);
  }

  #several(fit: Fit, changes: readonly FitChange[], key: string, words: string): HTMLElement[] {
    const last = changes[changes.length - 1];
    if (last === undefined) {
      return [];
    }
    const button = this.#button(fit, last, key, "Apply all");
    const steps = changes.map((step) =>
      element("li", {}, step.change, element("span", { class: "unit" }, ` ${step.cost}`)),
    );
    return [
      element(
        "div",
        { class: "together" },
        element("h3", {}, words),
        element("ol", {}, ...steps),
        element("p", {}, `needs ${needs(last)}, ${verdictWords(last)} `, button),
      ),
    ];
  }

  #alone(fit: Fit): HTMLElement[] {
    const rows = fit.alone.map((step, at) =>
      element(
        "tr",
        {},
        element(
          "th",
          { attributes: { scope: "row" } },
          step.change,
          element("span", { class: "unit" }, step.cost),
        ),
        element("td", {}, needs(step)),
        element("td", {}, step.time_factor === null ? "" : `× ${grouped(step.time_factor, 2)}`),
        element("td", { class: "text" }, badge(step.verdict, verdictWords(step))),
        element("td", { class: "act" }, this.#button(fit, step, `alone-${at}`, "Apply")),
      ),
    );
    const heads = ["each on its own, the smallest drawback first", "needs", "time", "verdict", ""];
    return [table(heads, rows)];
  }

  #button(fit: Fit, step: FitChange, key: string, words: string): HTMLElement {
    const changes = difference(flatten(fit.job), flatten(step.job));
    return element(
      "button",
      {
        class: "small",
        attributes: { type: "button", "data-key": key, "aria-label": `${words}: ${step.change}` },
        on: { click: () => this.#apply(changes) },
      },
      words,
    );
  }
}

/** What a change leaves to need, of what decided before it. */
function needs({ decides }: FitChange): string {
  const of = { gpu: "", host: " of host memory", disk: " of disk" }[decides.resource];
  return gib(decides.needed_bytes) + of;
}

/** A verdict in words in its colour. */
export function badge(name: string, words: string = verdictName(name)): HTMLElement {
  return element("span", { class: "badge", attributes: { "data-verdict": name } }, words);
}

/** A table in a box that scrolls by itself where the page is narrow. */
export function table(heads: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  for (const row of rows) {
    for (const [at, cell] of [...row.children].entries()) {
      if (heads[at] && cell instanceof HTMLTableCellElement && cell.colSpan === 1) {
        cell.dataset["head"] = heads[at];
      }
    }
  }
  const texts = [...(rows[0]?.children ?? [])].map((cell) => cell.classList.contains("text"));
  const cells = heads.map((head, at) =>
    head === ""
      ? element("td", {})
      : element("th", { class: texts[at] ? "text" : "", attributes: { scope: "col" } }, head),
  );
  return element(
    "div",
    {
      class: "scroll cards",
      attributes: { tabindex: "0", role: "group", "aria-label": heads[0] ?? "" },
    },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...cells)),
      element("tbody", {}, ...rows),
    ),
  );
}
