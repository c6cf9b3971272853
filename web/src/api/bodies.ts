import type { EstimateSetting } from "../generated/answers.ts";
import type {
  CostRequest,
  EstimateRequest,
  FitRequest,
  LintRequest,
  PlanRequest,
  WriteRequest,
} from "../generated/requests.ts";
import { SEARCHED } from "../generated/keys.ts";
import { type FlatJob, type JobDocument, type Json, nest } from "../state/job.ts";
import { type Attachment, DEFAULT_TOKENS, type State } from "../state/state.ts";

/** What all requests about a job begin with. */
type JobRequest = Pick<FitRequest, "job" | "files">;

/** The key that the page sets by itself where neither knob nor file does. */
export const TOKENS = "data.tokens";

/** Keys of which either says how long the run is. */
const DATA = [TOKENS, "data.steps", "data.examples"];

const HARDWARE = ["hardware.gpu", "hardware.count"];

/** What a file says of the data, so that the tokens of the run are not set over it. */
export function tokensAreSaid(state: State, fileKeys: ReadonlySet<string>): boolean {
  return DATA.some((key) => key in state.job || fileKeys.has(key));
}

/** Whether a job, by what an estimate made of it, does not say how long the run is. */
export function saysNoTokens(settings: readonly EstimateSetting[]): boolean {
  return !settings.some(({ key, value }) => DATA.includes(key) && value !== null);
}

/** The body that all requests about a job share. */
export function jobBody(
  state: State,
  fileKeys: ReadonlySet<string>,
  without: readonly string[] = [],
): JobRequest {
  const flat: Record<string, string> = { ...state.job };
  if (!tokensAreSaid(state, fileKeys)) {
    flat[TOKENS] = DEFAULT_TOKENS;
  }
  for (const key of without) {
    delete flat[key];
  }
  const job = nest(flat);
  if (state.config !== null) {
    const model = (job["model"] ??= {}) as JobDocument;
    model["config"] = JSON.parse(state.config.text) as Json;
  }
  return { job, ...fileBody(state.files) };
}

export function estimateBody(state: State, fileKeys: ReadonlySet<string>): EstimateRequest {
  return { ...jobBody(state, fileKeys), timeline: true };
}

/** The job to compare with, which has no files. */
export function otherBody(other: FlatJob): EstimateRequest {
  const isSaid = DATA.some((key) => key in other);
  return { job: nest(isSaid ? other : { ...other, [TOKENS]: DEFAULT_TOKENS }) };
}

/** Every GPU is priced, so that the one of the job has no part in it. */
export function costBody(state: State, fileKeys: ReadonlySet<string>): CostRequest {
  return jobBody(state, fileKeys, HARDWARE);
}

/** What is asked of the plan, with the sequences of a step as the job has them. */
export function planBody(
  state: State,
  fileKeys: ReadonlySet<string>,
  sequencesOfStep: number,
): PlanRequest {
  const { budget, deadline, methods, keep } = state.plan;
  const without = [...HARDWARE, ...(keep ? [] : SEARCHED), ...(methods === "" ? [] : METHOD)];
  return {
    ...jobBody(state, fileKeys, without),
    ...asked(!keep, { min_global_batch: sequencesOfStep }),
    ...asked(budget !== "", { budget }),
    ...asked(deadline !== "", { deadline }),
    ...asked(methods !== "", { methods }),
  };
}

/** Fields that are sent where something is said; spread as they are, no type would hold them. */
function asked(isSaid: boolean, fields: PlanRequest): PlanRequest {
  return isSaid ? fields : {};
}

const METHOD = ["method", "model.quantization.scheme", "model.quantization.double_quant"];

export function writeBody(state: State, fileKeys: ReadonlySet<string>): WriteRequest {
  return { ...jobBody(state, fileKeys), to: state.to };
}

export function lintBody(files: readonly Attachment[]): LintRequest {
  return { files: files.map(({ name, text }) => ({ name, text })) };
}

function fileBody(files: readonly Attachment[]): Pick<JobRequest, "files"> {
  return files.length === 0 ? {} : lintBody(files);
}
