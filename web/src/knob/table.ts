import { KEYS } from "../generated/keys.ts";
import { FRAMEWORKS } from "../generated/words.ts";

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

export type Knob = ChoiceKnob | NumberKnob;

/** Settings of the training, in the order in which they are shown. */
export const TRAINING: readonly Knob[] = [
  choice("method", "Method"),
  { kind: "choice", key: "framework.name", label: "Framework", options: FRAMEWORKS },
  choice("profile", "Where nothing is said"),
  number("batch.sequence_length", "Sequence length", "tokens", doubled(256, 131_072)),
  number("batch.micro_batch", "Micro-batch", "sequences", doubled(1, 64)),
  number("batch.grad_accum", "Gradient accumulation", "micro-batches", doubled(1, 128)),
  number("lora.rank", "Rank of the adapters", "", doubled(4, 512)),
  choice("checkpointing", "Activation checkpointing"),
];

export const DETAILS: readonly Knob[] = [
  choice("optimizer.name", "Optimizer"),
  choice("objective.stage", "Stage"),
  choice("loss", "Loss"),
  choice("precision", "Precision"),
  choice("attention", "Attention"),
];

export const GPUS: readonly Knob[] = [
  number("hardware.count", "GPUs", "", [1, 2, 3, 4, 6, 8, 16, 32, 64]),
  choice("parallelism.strategy", "Strategy"),
];

/** How long the run is, by what it counts. */
export const TOKENS: readonly Knob[] = [
  number(
    "data.tokens",
    "Tokens of the run",
    "",
    [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 1e10],
  ),
];

/** How long the run is, by its data set. */
export const EXAMPLES: readonly Knob[] = [
  number("data.examples", "Examples", "", [1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6]),
  number("data.tokens_per_example", "Tokens of an example", "mean", doubled(64, 32_768)),
  number("data.epochs", "Epochs", "", [1, 2, 3, 4, 5, 8, 10]),
];

const LABELS: ReadonlyMap<string, string> = new Map([
  ["model.id", "Model"],
  ["hardware.gpu", "GPU"],
  ["data.steps", "Steps of the run"],
  ...[...TRAINING, ...DETAILS, ...GPUS, ...TOKENS, ...EXAMPLES].map(
    ({ key, label }) => [key, label] as const,
  ),
]);

/** What the page calls a key or a field: its knob's label, else the name it is listed under. */
export function labelOf(field: string): string {
  return LABELS.get(field) ?? field;
}

/** With all values that the key may have. */
function choice(key: string, label: string): ChoiceKnob {
  const options = KEYS.get(key)?.options;
  if (options === undefined) {
    throw new Error(`${key} has no few values to choose from`);
  }
  return { kind: "choice", key, label, options };
}

function number(key: string, label: string, unit: string, stops: readonly number[]): NumberKnob {
  return { kind: "number", key, label, unit, stops };
}

function doubled(first: number, last: number): number[] {
  const stops = [first];
  for (let stop = first * 2; stop <= last; stop *= 2) {
    stops.push(stop);
  }
  return stops;
}
