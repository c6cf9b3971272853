import type { Timeline } from "../api/answers.ts";

/** A stretch of points in one phase. */
export interface Span {
  readonly phase: string;
  readonly from: number;
  readonly to: number;
}

/** Phases in their order, each with the points it spans. */
export function spans(timeline: Timeline): Span[] {
  const found: { phase: string; from: number; to: number }[] = [];
  for (const [at, point] of timeline.points.entries()) {
    const last = found[found.length - 1];
    if (last?.phase === point.phase) {
      last.to = at;
    } else {
      found.push({ phase: point.phase, from: at, to: at });
    }
  }
  return found;
}

/** Bytes of all categories at a point. */
export function total(timeline: Timeline, at: number): number {
  const bytes = timeline.points[at]?.bytes ?? {};
  return Object.values(bytes).reduce((sum, part) => sum + part, 0);
}
