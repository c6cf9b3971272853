import type { Estimate } from "../generated/answers.ts";
import { byId, element, nothing, replace } from "../dom.ts";
import { duration, gib, gibRange, grouped } from "../format.ts";
import { labelOf } from "../knob/table.ts";
import { flatten } from "../state/job.ts";
import { verdictWords } from "../words.ts";
import { table } from "./advice.ts";

/** Two jobs beside each other: their verdicts and figures, and every setting that differs. */
export class CompareView {
  #mine: Estimate | null = null;
  #other: Estimate | null = null;

  constructor() {
    this.#show();
  }

  /** The job of the knobs. */
  mine(estimate: Estimate | null): void {
    this.#mine = estimate;
    this.#show();
  }

  show(estimate: Estimate): void {
    this.#other = estimate;
    this.#show();
  }

  /** There is no other job. */
  forget(): void {
    this.#other = null;
    this.#show();
  }

  empty(why: string): void {
    this.#other = null;
    replace(byId("compare"), nothing(why));
  }

  #show(): void {
    const [mine, other] = [this.#mine, this.#other];
    if (mine === null || other === null) {
      const why = "Keep a job, turn the knobs, and both stand here; a link holds both.";
      replace(byId("compare"), nothing(why));
      return;
    }
    const rows = [
      ...FIGURES.map(([name, of]) => row(name, of(mine), of(other), false)),
      ...differing(mine, other).map(([key, one, two]) => row(labelOf(key), one, two, true)),
    ];
    replace(byId("compare"), table(["", "this job", "the other"], rows));
  }
}

/** What is compared, and how it reads. */
const FIGURES: readonly (readonly [string, (estimate: Estimate) => string])[] = [
  ["Model", ({ model }) => model.id],
  ["GPU", ({ gpu, job }) => `${flatten(job)["hardware.count"] ?? "1"} × ${gpu?.name ?? "none"}`],
  ["Verdict", ({ gpu }) => (gpu == null ? "no GPU chosen" : verdictWords(gpu))],
  ["Needs", ({ memory }) => gib(memory.needed_bytes)],
  [
    "Nine in ten need",
    ({ memory }) => {
      const { needed } = memory.ranges;
      return needed === null ? "not known" : gibRange(needed.low_bytes, needed.high_bytes);
    },
  ],
  ["Speed", ({ time }) => (time == null ? "–" : `${grouped(time.tokens_per_second)} tokens/s`)],
  ["Run", ({ time }) => (time?.run == null ? "–" : duration(time.run.total_seconds))],
];

/** Settings that the two do not share, by their keys. */
function differing(mine: Estimate, other: Estimate): [string, string, string][] {
  const [one, two] = [flatten(mine.job), flatten(other.job)];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(two)])];
  return keys
    .filter((key) => one[key] !== two[key] && key !== "model.id" && !key.startsWith("hardware."))
    .map((key) => [key, one[key] ?? "–", two[key] ?? "–"]);
}

function row(name: string, one: string, two: string, isSetting: boolean): HTMLElement {
  const differs = one !== two && !isSetting;
  const cell = (text: string) =>
    element("td", { class: "text" }, differs ? element("strong", {}, text) : text);
  return element(
    "tr",
    {},
    element("th", { attributes: { scope: "row" } }, name),
    cell(one),
    cell(two),
  );
}
