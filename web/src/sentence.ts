import type { Notice, PieceField, PieceText } from "./generated/answers.ts";

/** Texts, and fields between them that the page has words of its own for. */
export type Sentence = readonly (PieceText | PieceField)[];

/** A sentence with the page's word for each field. */
export function words(sentence: Sentence, label: (field: string) => string): string {
  return sentence.map((piece) => ("text" in piece ? piece.text : label(piece.field))).join("");
}

/** The same with its place before it, where it has one. */
export function line(
  { place, sentence }: { place?: string | undefined; sentence: Sentence },
  label: (field: string) => string,
): string {
  return (place === undefined ? "" : `${place}: `) + words(sentence, label);
}

/** What is to be known of what was asked, a line each. */
export function lines(
  notices: readonly Notice[] | undefined,
  label: (field: string) => string,
): string[] {
  return (notices ?? []).map((notice) => line(notice, label));
}
