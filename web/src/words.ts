import { CATEGORIES, PHASES } from "./generated/words.ts";

/** Labels of what a GPU holds besides tensors. */
export const OUTSIDE: ReadonlyMap<string, string> = new Map([
  ["fragmentation", "fragmentation"],
  ["communicator", "NCCL's buffers"],
  ["context", "CUDA context"],
]);

export function category(name: string): string {
  return CATEGORIES.get(name) ?? OUTSIDE.get(name) ?? name;
}

export function phase(name: string): string {
  return PHASES.get(name) ?? name;
}

/** The name of a verdict without underscores, as of a badge; there is none without a range. */
export function verdictName(name: string | null): string {
  if (name === null) {
    return "no range is known";
  }
  return name.replaceAll("_", " ");
}

/** What is said of a card: a verdict that is not certain is called by what is likelier. */
export function verdictWords(card: { readonly verdict_words: string | null }): string {
  return card.verdict_words ?? verdictName(null);
}

/** A chance in whole percent, never none or all, as the command line has it. */
export function chance(share: number): string {
  const percent = Math.round(100 * share);
  return percent < 1 ? "<1 %" : `${Math.min(99, percent)} %`;
}
