import type { Notice, PieceField, PiecePlace, PieceText } from "./generated/answers.ts";

/** Texts, places, and fields between them that the page has words of its own for. */
export type Sentence = readonly (PieceText | PieceField | PiecePlace)[];

/** A sentence with the page's word for each field. */
export function words(sentence: Sentence, label: (field: string) => string): string {
  return sentence.map((piece) => word(piece, label)).join("");
}

function word(piece: Sentence[number], label: (field: string) => string): string {
  if ("text" in piece) {
    return piece.text;
  }
  return "field" in piece ? label(piece.field) : piece.place;
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
