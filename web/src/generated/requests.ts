// Generated from the program's own records; PageSourcesTest.

import type {
  Cards,
  Cost,
  Estimate,
  Files,
  Fit,
  Gpus,
  Guide,
  Limit,
  Lint,
  Models,
  ModelsThatFit,
  NoRoom,
  NotModelled,
  Plan,
  Prices,
  Weights,
} from "./answers.ts";
import type { JobDocument } from "../state/job.ts";

/** Estimate peak memory and time of a training step, and show what they are made of. */
export interface EstimateRequest {
  readonly job?: JobDocument;
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Branch, tag or commit of the model on the Hub. */
  readonly revision?: string | number;
  /** Add the memory of the step, state by state. */
  readonly timeline?: boolean;
  /** Show the tensors alive at the peak by the module that made them, with operation, shape and code. */
  readonly by_module?: boolean;
  /** Only its size, as in 14B: the usual model nearest to it stands in. */
  readonly params?: string | number;
  /** Parameters that a token visits, with params: a usual mixture of experts stands in. */
  readonly active_params?: string | number;
  /** Tokens of all evaluations during the run together. */
  readonly eval_tokens?: string | number;
  /** Checkpoints that are written; 1 without this. */
  readonly saves?: string | number;
}

/** Say whether a job fits its GPUs, and if not, what to change. */
export interface FitRequest {
  readonly job?: JobDocument;
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Branch, tag or commit of the model on the Hub. */
  readonly revision?: string | number;
  /** Memory that must stay free on the card, as in 2GiB. */
  readonly headroom?: string | number;
  /** Hold the job against every card, the cheapest first. */
  readonly every_card?: boolean;
  /** Only its size, as in 14B: the usual model nearest to it stands in. */
  readonly params?: string | number;
  /** Parameters that a token visits, with params: a usual mixture of experts stands in. */
  readonly active_params?: string | number;
}

/** Find the largest batch, sequence, image, group or model that a card holds. */
export interface MaxRequest {
  readonly job?: JobDocument;
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Branch, tag or commit of the model on the Hub. */
  readonly revision?: string | number;
  /** Find the largest model. */
  readonly model?: boolean;
  /** Find the largest micro-batch. */
  readonly batch?: boolean;
  /** Find the longest sequence. */
  readonly sequence?: boolean;
  /** Find the largest square image, beside tokens as given. */
  readonly image_size?: boolean;
  /** Find the most seconds of sound, beside tokens as given. */
  readonly audio_seconds?: boolean;
  /** Find the longest completion. */
  readonly completion_length?: boolean;
  /** Find the largest group of one prompt. */
  readonly group_size?: boolean;
  /** Find the largest share of an engine beside the training. */
  readonly engine_memory_fraction?: boolean;
  /** Memory in place of a card, as in 24GB. */
  readonly memory?: string | number;
  /** Memory that must stay free on the card, as in 2GiB. */
  readonly headroom?: string | number;
  /** Only its size, as in 14B: the usual model nearest to it stands in. */
  readonly params?: string | number;
  /** Parameters that a token visits, with params: a usual mixture of experts stands in. */
  readonly active_params?: string | number;
}

/** Find the cheapest and the fastest machines of a market for a job, and its settings. */
export interface PlanRequest {
  readonly job?: JobDocument;
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Branch, tag or commit of the model on the Hub. */
  readonly revision?: string | number;
  /** Only these GPUs and machines: H100,H200, 24GB.., H100:8 */
  readonly gpu?: string | number;
  /** A list by name (market-2026-09, guide-2026-07, fetched). Default: what was fetched, and of market-2026-09 the providers that were not. */
  readonly list?: string | readonly ("market-2026-09" | "guide-2026-07")[];
  /** Only offers of these providers. */
  readonly provider?: string | number | readonly (string | number)[];
  /** Only regions whose name has such a part. */
  readonly region?: string | number | readonly (string | number)[];
  /** Spot machines, with what interruptions cost on average. */
  readonly spot?: boolean;
  /** Only prices that held at most so many days ago, or any. Default: 120. */
  readonly max_price_age?: string | number;
  /** Mean time until a spot machine is taken away, as in 4h or 7d. Default: 24h, a choice and no measurement. */
  readonly interruptions_every?: string | number;
  /** Longest time between checkpoints on spot. Default: that of Young and Daly. */
  readonly checkpoint_every?: string | number;
  /** Time until a new machine trains again. Default: that of the start. */
  readonly restart?: string | number;
  /** Any of these methods, as in full,lora,qlora. */
  readonly methods?: string | readonly ("full" | "lora" | "qlora" | "dora" | "rslora" | "pissa" | "oft" | "ia3" | "vera" | "loha" | "lokr" | "miss" | "freeze" | "galore")[];
  /** Any of these ranks of adapters, as in 16,32,64. */
  readonly lora_ranks?: string | number | readonly (string | number)[];
  /** Any of these lengths of a sequence, in tokens. */
  readonly sequence_lengths?: string | number | readonly (string | number)[];
  /** What the whole run may cost, as in 50. */
  readonly budget?: string | number;
  /** How long it may take, as in 90min, 12h or 2d. */
  readonly deadline?: string | number;
  /** How sure it is to stay within budget and deadline: 50 by the estimate, 90 where nine of ten runs are no slower. Default: 90. */
  readonly confidence?: "50" | "90";
  /** Tokens of a sequence, at least, where the job does not say. */
  readonly min_sequence_length?: string | number;
  /** Sequences that all GPUs together see in a step, at least. Default: what the job says, or 16. */
  readonly min_global_batch?: string | number;
  /** Memory that must stay free on each GPU, as in 2GiB. */
  readonly headroom?: string | number;
  /** cost, time or both: offers than which none is cheaper and faster. Default: both. */
  readonly by?: "cost" | "time" | "both";
  /** Show every offer, and not the first ten by cost or time. */
  readonly all?: boolean;
  /** Tokens of all evaluations during the run together. */
  readonly eval_tokens?: string | number;
  /** Checkpoints that are written; 1 without this. */
  readonly saves?: string | number;
  /** Only its size, as in 14B: the usual model nearest to it stands in. */
  readonly params?: string | number;
  /** Parameters that a token visits, with params: a usual mixture of experts stands in. */
  readonly active_params?: string | number;
}

/** Find keys of a training file that do nothing, are misspelt or contradict each other. */
export interface LintRequest {
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Release of the framework whose parser is to take the file; the newest without this. */
  readonly framework_version?: string | number;
}

/** List the models of the catalogue, or those that match a word. */
export interface ModelsRequest {
  /** Part of a name, an alias, a Hub id or a model type. */
  readonly search?: string | number;
}

/** List the GPUs of the catalogue, or those that a filter lets through. */
export interface GpusRequest {
  /** Names, a maker, a generation or a size of memory: A10G,A100, nvidia, blackwell, 24GB.., 16GB..48GB; joined by colons: nvidia:24GB.. */
  readonly search?: string | number;
}

/** List what GPUs cost by the hour, the cheapest first, with the age of the prices. */
export interface PricesRequest {
  /** Names, a maker, a size of memory or a count: H100, A10G,A100, 24GB.., H100:8. */
  readonly gpu?: string | number;
  /** A list by name (market-2026-09, guide-2026-07, fetched). Default: what was fetched, and of market-2026-09 the providers that were not. */
  readonly list?: string | readonly ("market-2026-09" | "guide-2026-07")[];
  /** Only offers of these providers. */
  readonly provider?: string | number | readonly (string | number)[];
  /** Only regions whose name has such a part. */
  readonly region?: string | number | readonly (string | number)[];
  /** Only offers with a spot price, ordered by it. */
  readonly spot?: boolean;
  /** Only prices that held at most so many days ago, or any. Default: 120. */
  readonly max_price_age?: string | number;
}

/** Price a run on each GPU of a market, on-demand and spot, and say how long it takes. */
export interface CostRequest {
  readonly job?: JobDocument;
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Branch, tag or commit of the model on the Hub. */
  readonly revision?: string | number;
  /** Only these GPUs and machines: H100,H200, 24GB.., H100:8 */
  readonly gpu?: string | number;
  /** A list by name (market-2026-09, guide-2026-07, fetched). Default: what was fetched, and of market-2026-09 the providers that were not. */
  readonly list?: string | readonly ("market-2026-09" | "guide-2026-07")[];
  /** Only offers of these providers. */
  readonly provider?: string | number | readonly (string | number)[];
  /** Only regions whose name has such a part. */
  readonly region?: string | number | readonly (string | number)[];
  /** Only spot machines, ordered by what is expected on them. */
  readonly spot?: boolean;
  /** Only prices that held at most so many days ago, or any. Default: 120. */
  readonly max_price_age?: string | number;
  /** Mean time until a spot machine is taken away, as in 4h or 7d. Default: 24h, a choice and no measurement. */
  readonly interruptions_every?: string | number;
  /** Longest time between checkpoints on spot. Default: that of Young and Daly. */
  readonly checkpoint_every?: string | number;
  /** Time until a new machine trains again. Default: that of the start. */
  readonly restart?: string | number;
  /** Only its size, as in 14B: the usual model nearest to it stands in. */
  readonly params?: string | number;
  /** Parameters that a token visits, with params: a usual mixture of experts stands in. */
  readonly active_params?: string | number;
  /** Tokens of all evaluations during the run together. */
  readonly eval_tokens?: string | number;
}

/** Write a job as files for frameworks and launchers. */
export interface WriteRequest {
  readonly job?: JobDocument;
  /** A job document, or a framework's training files, by name and text; a name is for messages and telling formats apart, and is never opened. */
  readonly files?: readonly { readonly name: string; readonly text: string }[];
  /** Format of the training file: axolotl, llama-factory, llama-factory-v1, trl, transformers, alignment-handbook, torchtune, litgpt, ms-swift, unsloth, verl, easyr1, openrlhf, nemo-rl, prime-rl, open-instruct, torchtitan, nemo-automodel, autotrain, megatron-lm, mlx-lm, sentence-transformers, accelerate, deepspeed. */
  readonly as?: "axolotl" | "llama-factory" | "llama-factory-v1" | "trl" | "transformers" | "alignment-handbook" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "verl" | "easyr1" | "openrlhf" | "nemo-rl" | "prime-rl" | "open-instruct" | "torchtitan" | "nemo-automodel" | "autotrain" | "megatron-lm" | "mlx-lm" | "sentence-transformers" | "accelerate" | "deepspeed";
  /** Branch, tag or commit of the model on the Hub. */
  readonly revision?: string | number;
  /** Formats of files to write: axolotl, llama-factory, trl, torchtune, litgpt, ms-swift, unsloth, deepspeed, accelerate, torchrun, skypilot, dstack, slurm, kubernetes, kubeflow. */
  readonly to?: string | readonly ("axolotl" | "llama-factory" | "trl" | "torchtune" | "litgpt" | "ms-swift" | "unsloth" | "deepspeed" | "accelerate" | "torchrun" | "skypilot" | "dstack" | "slurm" | "kubernetes" | "kubeflow")[];
  /** Only its size, as in 14B: the usual model nearest to it stands in. */
  readonly params?: string | number;
  /** Parameters that a token visits, with params: a usual mixture of experts stands in. */
  readonly active_params?: string | number;
}

/** Recompute a guide's memory table by its own rule of thumb, beside estimates. */
export interface GuideRequest {
}

/** What is asked with a body, and what answers it. */
export interface Posted {
  readonly estimate: { readonly request: EstimateRequest; readonly answer: Estimate | Weights | NotModelled | NoRoom };
  readonly fit: { readonly request: FitRequest; readonly answer: Fit | Cards | Weights | NotModelled | NoRoom };
  readonly max: { readonly request: MaxRequest; readonly answer: Limit | ModelsThatFit | NotModelled | NoRoom };
  readonly plan: { readonly request: PlanRequest; readonly answer: Plan | NotModelled | NoRoom };
  readonly lint: { readonly request: LintRequest; readonly answer: Lint };
  readonly cost: { readonly request: CostRequest; readonly answer: Cost | NotModelled | NoRoom };
  readonly write: { readonly request: WriteRequest; readonly answer: Files | NotModelled | NoRoom };
}

/** What is asked with an address, and what answers it. */
export interface Listed {
  readonly models: { readonly request: ModelsRequest; readonly answer: Models };
  readonly gpus: { readonly request: GpusRequest; readonly answer: Gpus };
  readonly prices: { readonly request: PricesRequest; readonly answer: Prices };
  readonly guide: { readonly request: GuideRequest; readonly answer: Guide };
}
