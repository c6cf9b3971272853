import { FIELDS, KEYS, type Panel } from "../generated/keys.ts";

/** A setting with a few values to choose from. */
export interface ChoiceKnob {
  readonly kind: "choice";
  readonly key: string;
  readonly label: string;
  readonly options: readonly string[];
}

/** A setting that is a number, with values that a slider stops at. */
export interface NumberKnob {
  readonly kind: "number";
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly stops: readonly number[];
}

/** A setting that is any text. */
export interface TextKnob {
  readonly kind: "text";
  readonly key: string;
  readonly label: string;
}

export type Knob = ChoiceKnob | NumberKnob | TextKnob;

/** Keys that have a control of their own. */
const OWN: ReadonlySet<string> = new Set(["model.id", "hardware.gpu"]);

const YES_OR_NO = ["true", "false"];

/** The knobs of a panel, in the order of the job document. */
export function knobsOf(panel: Panel): readonly Knob[] {
  return [...KEYS].filter(([, key]) => key.knob?.panel === panel).map(([path]) => knob(path));
}

/** Those of every other key. */
export function otherKnobs(): readonly Knob[] {
  return [...KEYS]
    .filter(([path, key]) => key.knob === undefined && !OWN.has(path))
    .map(([path]) => knob(path));
}

/** What the page calls a key or a field: its label, else the name it is listed under. */
export function labelOf(field: string): string {
  return KEYS.get(field)?.label ?? FIELDS.get(field) ?? field;
}

function knob(path: string): Knob {
  const key = KEYS.get(path);
  const label = labelOf(path);
  const options = key?.kind === "boolean" ? YES_OR_NO : key?.options;
  if (options !== undefined) {
    return { kind: "choice", key: path, label, options };
  }
  const { unit = "", stops = [] } = key?.knob ?? {};
  return stops.length > 0
    ? { kind: "number", key: path, label, unit, stops }
    : { kind: "text", key: path, label };
}
