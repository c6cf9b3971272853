import type { Estimate } from "../generated/answers.ts";
import { CATEGORIES } from "../generated/words.ts";
import { category } from "../words.ts";

/** A component of what a GPU needs. */
export interface Part {
  readonly name: string;
  readonly label: string;
  readonly bytes: number;
}

/**
 * What the needed bytes are made of: tensors alive at the peak by category, then what is no tensor.
 * Fragmentation is what the allocator holds beyond the tensors when it has given back what it can.
 */
export function partsOf(memory: Estimate["memory"]): Part[] {
  const tensors = [...CATEGORIES.keys()].map((name) => part(name, memory.breakdown_bytes[name]));
  const outside = memory.context_bytes + memory.communicator_bytes;
  const fragmentation = memory.needed_bytes - memory.allocated_bytes - outside;
  return [
    ...tensors,
    part("fragmentation", fragmentation),
    part("communicator", memory.communicator_bytes),
    part("context", memory.context_bytes),
  ].filter(({ bytes }) => bytes > 0);
}

function part(name: string, bytes: number | undefined): Part {
  return { name, label: category(name), bytes: bytes ?? 0 };
}
