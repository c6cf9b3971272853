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

const UNKNOWN: Effective = { text: "", isSetHere: false, origin: "" };

/** Of keys that an answer lists only where somebody gives them. */
function unsaid(key: string, state: State): Effective {
  const isGiven = state.files.length > 0;
  switch (key) {
    case "profile":
      return isGiven
        ? { ...UNKNOWN, origin: "as the files have it" }
        : { ...UNKNOWN, text: "recommended", origin: "as most people train" };
    case "objective.stage":
      return isGiven
        ? { ...UNKNOWN, origin: "as the files have it" }
        : { ...UNKNOWN, text: "sft", origin: "assumed" };
    default:
      return { ...UNKNOWN, origin: NO_PART };
  }
}

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
    return settings.size === 0 ? UNKNOWN : unsaid(key, state);
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
