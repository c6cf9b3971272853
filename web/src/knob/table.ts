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
  choice("method", "Method", "full lora qlora dora rslora pissa freeze galore"),
  number("batch.sequence_length", "Sequence length", "tokens", doubled(256, 131_072)),
  number("batch.micro_batch", "Micro-batch", "sequences", doubled(1, 64)),
  number("batch.grad_accum", "Gradient accumulation", "micro-batches", doubled(1, 128)),
  number("lora.rank", "Rank of the adapters", "", doubled(4, 512)),
  choice("checkpointing", "Activation checkpointing", "none full selective offloaded"),
];

export const DETAILS: readonly Knob[] = [
  choice(
    "optimizer.name",
    "Optimizer",
    "adamw adamw-8bit adamw-4bit paged-adamw paged-adamw-8bit adafactor lion lion-8bit sgd muon" +
      " galore apollo badam lomo adam-mini schedule-free-adamw adamw-cpu none",
  ),
  choice(
    "objective.stage",
    "Stage",
    "sft pretrain dpo kto orpo cpo reward grpo rloo ppo distillation classification masked-lm" +
      " embedding",
  ),
  choice("loss", "Loss", "full chunked liger cce triton"),
  choice("precision", "Precision", "fp32 bf16 fp16 bf16-mixed fp16-mixed"),
  choice("attention", "Attention", "flash sdpa eager flex"),
];

export const GPUS: readonly Knob[] = [
  number("hardware.count", "GPUs", "", [1, 2, 3, 4, 6, 8, 16, 32, 64]),
  choice("parallelism.strategy", "Strategy", "none ddp fsdp1 fsdp2 zero1 zero2 zero3 megatron"),
];

export const RUN: readonly Knob[] = [
  number(
    "data.tokens",
    "Tokens of the run",
    "",
    [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 1e10],
  ),
];

function choice(key: string, label: string, options: string): ChoiceKnob {
  return { kind: "choice", key, label, options: options.split(" ") };
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
