import type { EstimateSetting } from "../generated/answers.ts";
import { textOf } from "../state/job.ts";
import type { State } from "../state/state.ts";

/** The value that a job has for a key, and who said so. */
export interface Effective {
  readonly text: string;
  /** Whether the value was set on the page. */
  readonly isSetHere: boolean;
  /** Where it is from, e.g. assumed, or axolotl.yml:3. */
  readonly origin: string;
}

/** Origin of a key that the job as it is makes nothing of, as the rank under full training. */
export const NO_PART = "has no part in this";

/** What holds for a key: what is set here, else what the estimate made of it. */
export function effective(
  key: string,
  state: State,
  settings: ReadonlyMap<string, EstimateSetting>,
): Effective {
  const here = state.job[key];
  if (here !== undefined) {
    return { text: here, isSetHere: true, origin: "" };
  }
  const setting = settings.get(key);
  if (setting === undefined || setting.value === null) {
    return { text: "", isSetHere: false, origin: settings.size === 0 ? "" : NO_PART };
  }
  return { text: textOf(setting.value), isSetHere: false, origin: origin(setting) };
}

/** Sequences that all GPUs see in a step together. */
export function sequencesOfStep(
  state: State,
  settings: ReadonlyMap<string, EstimateSetting>,
): number {
  return ["batch.micro_batch", "batch.grad_accum", "hardware.count"]
    .map((key) => Number(effective(key, state, settings).text))
    .reduce((product, factor) => product * (factor >= 1 ? factor : 1), 1);
}

function origin(setting: EstimateSetting): string {
  switch (setting.provenance) {
    case "set":
      return setting.note.split(", ")[0] ?? "";
    case "assumed":
      return "assumed";
    case "recommended":
      return "as most people train";
    case "framework_default":
      return `default of ${setting.note.split(":")[0]}`;
    default:
      return `by ${setting.note}`;
  }
}
