import type { JobDocument, Json } from "../state/job.ts";

/** Parts of the API's answers that the page reads; bytes, seconds and dollars are numbers. */
export type Verdict = "fits" | "tight" | "does_not_fit" | "not_modelled";

/** The answer to every question about a job that nobody can put figures to yet. */
export interface NotModelled {
  readonly kind: "not_modelled";
  readonly verdict: "not_modelled";
  readonly reason: string;
}

export function isNotModelled(answer: unknown): answer is NotModelled {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "kind" in answer &&
    answer.kind === "not_modelled"
  );
}

export interface ByteRange {
  readonly low_bytes: number;
  readonly high_bytes: number;
  readonly runs?: number;
  readonly sources?: number;
}

export interface Alive {
  readonly name: string;
  readonly category: string;
  readonly count: number;
  readonly bytes: number;
}

export interface Setting {
  readonly key: string;
  readonly value: Json;
  readonly provenance: string;
  readonly note: string;
}

/** Columns with a value for each state of the step, in order. */
export interface Timeline {
  /** Index of the state that needs most. */
  readonly peak: number;
  readonly phases: readonly Span[];
  readonly total_bytes: readonly number[];
  readonly breakdown_bytes: Readonly<Record<string, readonly number[]>>;
}

/** The states of a phase, the last not included. */
export interface Span {
  readonly phase: string;
  readonly from: number;
  readonly to: number;
}

/** The highest of an episode of the run. */
export interface EpisodePeak {
  readonly episode: string;
  readonly allocated_bytes: number;
  readonly peak_phase: string;
}

export interface Estimate {
  readonly model: {
    readonly id: string;
    readonly origin: string;
    readonly parameters: number;
    readonly active_parameters: number;
    readonly layers: number;
    readonly max_positions: number | null;
  };
  readonly gpu?: {
    readonly name: string;
    readonly memory_bytes: number;
    readonly headroom_bytes: number;
    readonly verdict: Verdict;
  } | null;
  readonly memory: {
    readonly allocated_bytes: number;
    readonly needed_bytes: number;
    readonly context_bytes: number;
    readonly communicator_bytes: number;
    readonly host_bytes: number;
    readonly ranges: { readonly share: number; readonly needed: ByteRange };
    readonly peak_episode: string;
    readonly peak_phase: string;
    readonly episodes: readonly EpisodePeak[];
    readonly breakdown_bytes: Readonly<Record<string, number>>;
    readonly alive: readonly Alive[];
  };
  readonly time?: {
    readonly tokens_per_second: number;
    readonly range: {
      readonly share: number;
      readonly low_tokens_per_second: number;
      readonly high_tokens_per_second: number;
    } | null;
    readonly step_seconds: number;
    readonly tokens_per_step: number;
    readonly mfu: number | null;
    readonly run?: {
      readonly tokens: number;
      readonly total_seconds: number;
      readonly low_seconds: number;
      readonly high_seconds: number;
    } | null;
  } | null;
  readonly timeline?: Timeline;
  readonly job: JobDocument;
  readonly settings: readonly Setting[];
  readonly assumptions: readonly string[];
  readonly warnings: readonly string[];
}

export interface FitStep {
  readonly change: string;
  readonly drawback: string;
  readonly cost: string;
  readonly time_factor: number | null;
  readonly saved_bytes: number | null;
  readonly needed_bytes: number;
  readonly verdict: Verdict;
  readonly job: JobDocument;
}

export interface Fit {
  readonly verdict: Verdict;
  readonly job: JobDocument;
  readonly alone: readonly FitStep[];
  readonly together: readonly FitStep[];
}

export interface Offer {
  readonly provider: string;
  readonly gpu: string;
  readonly count: number;
  readonly region: string | null;
  readonly on_demand_usd_per_hour: number | null;
  readonly spot_usd_per_hour: number | null;
}

export interface Machine {
  readonly gpu: string;
  readonly count: number;
  readonly verdict: Verdict;
  readonly strategy: string | null;
  readonly needed_bytes: number;
  readonly usable_bytes: number;
  readonly seconds: number;
  readonly low_seconds: number;
  readonly high_seconds: number;
  readonly on_demand: { readonly usd: number; readonly offer: Offer } | null;
  readonly spot: {
    readonly hopeless: boolean;
    readonly expected_usd?: number | null;
    readonly offer: Offer;
  } | null;
}

export interface LeftOut {
  readonly gpu: string;
  readonly count: number;
  readonly reason: string;
  readonly detail?: string;
  readonly needed_bytes?: number;
  readonly usable_bytes?: number;
}

export interface PriceAge {
  readonly age_days_least: number;
  readonly age_days_most: number;
  readonly age_may_be_more: boolean;
}

export interface Cost extends PriceAge {
  readonly tokens: number;
  readonly machines: readonly Machine[];
  readonly left_out: readonly LeftOut[];
  readonly assumptions: readonly string[];
}

export interface PlanLine {
  readonly cost_usd: number;
  readonly hours: number;
  readonly tokens_per_second: number;
  readonly offer: Offer;
  readonly verdict: Verdict;
  readonly needed_bytes: number;
  readonly low_bytes: number;
  readonly high_bytes: number;
  readonly job: JobDocument;
}

export interface Plan extends PriceAge {
  readonly candidates: number;
  readonly excluded: readonly { readonly constraint: string; readonly candidates: number }[];
  readonly lines: readonly PlanLine[];
  readonly warnings: readonly string[];
}

export interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number | null;
  readonly key: string;
  readonly message: string;
}

export interface Lint {
  readonly format: string;
  readonly findings: readonly Finding[];
  readonly job: Readonly<Record<string, Json>>;
}

export interface Written {
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly warnings?: readonly string[];
}

export interface Model {
  readonly name: string;
  readonly parameters: number;
  readonly active_parameters: number;
  readonly aliases: readonly string[];
  readonly hub_ids: readonly string[];
}

export interface Gpu {
  readonly name: string;
  readonly vendor: string;
  readonly memory_bytes: number;
  readonly marketed_gb: number;
}
