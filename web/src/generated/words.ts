// Generated from the program's own records; PageSourcesTest.

/** Labels of categories, in the order in which they are stacked. */
export const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ["weights", "weights"],
  ["adapters", "adapters"],
  ["gathered", "gathered parameters"],
  ["communication", "communication buffers"],
  ["gradients", "gradients"],
  ["optimizer", "optimizer"],
  ["activations", "activations"],
  ["logits_and_loss", "logits and loss"],
  ["temporaries", "temporaries"],
  ["engine", "generation engine"],
  ["other", "other"],
]);

/** Labels of the phases of a step, in their order. */
export const PHASES: ReadonlyMap<string, string> = new Map([
  ["load", "load"],
  ["generation", "generation"],
  ["evaluation", "evaluation"],
  ["no_grad_layers", "forward without gradients, layers"],
  ["no_grad_head", "forward without gradients, head"],
  ["forward_layers", "forward, layers"],
  ["forward_head", "forward, head and loss"],
  ["backward_head", "backward, loss and head"],
  ["backward_layers", "backward, layers"],
  ["clip", "gradient clipping"],
  ["step", "optimizer step"],
]);

/** Formats of files that a job is written as. */
export const FORMATS: readonly string[] = [
  "axolotl",
  "llama-factory",
  "trl",
  "torchtune",
  "litgpt",
  "ms-swift",
  "unsloth",
  "deepspeed",
  "accelerate",
  "torchrun",
  "skypilot",
  "dstack",
  "slurm",
  "kubernetes",
  "kubeflow",
];

/** Methods that most people choose from. */
export const METHODS: readonly string[] = [
  "full",
  "lora",
  "qlora",
];
