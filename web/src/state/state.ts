import type { FlatJob } from "./job.ts";

/** A file that was dropped or pasted. */
export interface Attachment {
  readonly name: string;
  readonly text: string;
}

/** What the plan is asked beside the job; empty text means that nothing is asked. */
export interface PlanTerms {
  readonly budget: string;
  readonly deadline: string;
  readonly methods: string;
  /** Keep every setting of the job, instead of searching for better ones. */
  readonly keep: boolean;
}

/** All that a link reproduces. */
export interface State {
  readonly job: FlatJob;
  /** Training files or job documents, over which the job wins. */
  readonly files: readonly Attachment[];
  /** The config.json of the model, which wins over the catalogue. */
  readonly config: Attachment | null;
  readonly plan: PlanTerms;
  /** The format of files that are written. */
  readonly to: string;
  /** A job to compare with. */
  readonly other: FlatJob | null;
}

/** Tokens of the run where neither knob nor file says how many. */
export const DEFAULT_TOKENS = "10000000";

export const DEFAULT_FORMAT = "axolotl";

export const EMPTY: State = {
  job: {},
  files: [],
  config: null,
  plan: { budget: "", deadline: "", methods: "", keep: false },
  to: DEFAULT_FORMAT,
  other: null,
};

/** What a first visit shows. */
export const EXAMPLE: State = {
  ...EMPTY,
  job: {
    "model.id": "llama-3.1-8b",
    method: "qlora",
    checkpointing: "full",
    "batch.sequence_length": "2048",
    "hardware.gpu": "RTX 4090",
  },
};

/** Whether there is a model to ask about. */
export function hasModel(state: State): boolean {
  return Boolean(state.job["model.id"]) || state.files.length > 0 || state.config !== null;
}

/** The state with keys of its job set, or taken out where the text is null or empty. */
export function withJob(state: State, changes: Record<string, string | null>): State {
  const job: Record<string, string> = { ...state.job };
  for (const [key, text] of Object.entries(changes)) {
    if (text === null || text === "") {
      delete job[key];
    } else {
      job[key] = text;
    }
  }
  return { ...state, job };
}
