import type { Timeline, TimelineSpan } from "../generated/answers.ts";
import { CATEGORIES } from "../generated/words.ts";

/** A category with what it holds in one state. */
export interface Held {
  readonly name: string;
  readonly bytes: number;
}

/** The phase that a state is in. */
export function phaseAt(timeline: Timeline, at: number): string {
  return timeline.phases.find((span) => at < span.to)?.phase ?? "";
}

/** Categories that hold something in a state, in the order in which they are stacked. */
export function heldAt(timeline: Timeline, at: number): Held[] {
  return [...CATEGORIES.keys()]
    .map((name) => ({ name, bytes: timeline.breakdown_bytes[name]?.[at] ?? 0 }))
    .filter(({ bytes }) => bytes > 0);
}

/** The first of the highest states of a phase. */
export function highest(timeline: Timeline, span: TimelineSpan): number {
  let found = span.from;
  for (let at = span.from; at < span.to; at++) {
    if ((timeline.total_bytes[at] ?? 0) > (timeline.total_bytes[found] ?? 0)) {
      found = at;
    }
  }
  return found;
}

/** The first state of the next phase, or of this one or the one before. */
export function neighbour(timeline: Timeline, at: number, by: 1 | -1): number {
  const starts = timeline.phases.map((span) => span.from);
  const found =
    by > 0 ? starts.find((start) => start > at) : starts.findLast((start) => start < at);
  return found ?? at;
}
