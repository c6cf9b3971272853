/** Labels of categories, in the order in which they are stacked; the words of the command line. */
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
  ["other", "other"],
]);

/** Labels of what a GPU holds besides tensors. */
export const OUTSIDE: ReadonlyMap<string, string> = new Map([
  ["fragmentation", "fragmentation"],
  ["communicator", "NCCL's buffers"],
  ["context", "CUDA context"],
]);

const PHASES: ReadonlyMap<string, string> = new Map([
  ["load", "load"],
  ["forward_layers", "forward, layers"],
  ["forward_head", "forward, head and loss"],
  ["backward_head", "backward, loss and head"],
  ["backward_layers", "backward, layers"],
  ["clip", "gradient clipping"],
  ["step", "optimizer step"],
]);

export function category(name: string): string {
  return CATEGORIES.get(name) ?? OUTSIDE.get(name) ?? name;
}

export function phase(name: string): string {
  return PHASES.get(name) ?? name;
}

/** A verdict of the API in the words of the command line. */
export function verdict(name: string): string {
  return name.replaceAll("_", " ");
}
