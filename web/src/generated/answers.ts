// Generated from the program's own records; PageSourcesTest.

import type { JobDocument, Json } from "../state/job.ts";

export type BeyondLimit =
  | "budget"
  | "deadline"
  | "both";

export type Category =
  | "weights"
  | "adapters"
  | "gathered"
  | "communication"
  | "gradients"
  | "optimizer"
  | "activations"
  | "logits_and_loss"
  | "temporaries"
  | "engine"
  | "other";

export type ChangeDrawback =
  | "none"
  | "time"
  | "record"
  | "precision"
  | "capacity"
  | "data"
  | "money";

export type ErrorKind =
  | "not_allowed"
  | "unknown"
  | "ambiguous"
  | "missing"
  | "contradiction"
  | "no_match"
  | "exists"
  | "not_found"
  | "unreadable"
  | "malformed"
  | "unknown_format"
  | "no_training"
  | "too_little_memory"
  | "unavailable";

export type GpuClass =
  | "datacenter"
  | "workstation"
  | "consumer"
  | "laptop"
  | "unified";

export type LifeResource =
  | "gpu"
  | "host"
  | "disk";

export type Phase =
  | "load"
  | "generation"
  | "evaluation"
  | "no_grad_layers"
  | "no_grad_head"
  | "forward_layers"
  | "forward_head"
  | "backward_head"
  | "backward_layers"
  | "clip"
  | "step";

export type Ranking =
  | "cost"
  | "time"
  | "both";

export type TimeEffectBasis =
  | "estimated"
  | "not_modelled"
  | "unknown";

export type Verdict =
  | "fits"
  | "tight"
  | "does_not_fit"
  | "not_modelled";

/** How old prices are. */
export interface Age {
  /** Age of the newest of the prices. */
  readonly age_days_least: number;
  /** Age of the oldest of the prices. */
  readonly age_days_most: number;
  /** Whether they may be older, as lists say no more than a month. */
  readonly age_may_be_more: boolean;
}

export interface Assumptions {
  /** Assumptions, one sentence each. */
  readonly assumptions: readonly string[];
  /** For each of them, the key of the job that it follows from; null where it always holds. */
  readonly assumptions_about: readonly (string | null)[];
}

/** Whether a job that names no card fits the cards that people have. */
export interface Cards {
  readonly vramcast_version: string;
  readonly kind: "cards";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** Name of the model. */
  readonly model: string;
  /** Cards, the cheapest to rent first and those without a price last. */
  readonly cards: readonly CardsCard[];
  /** Cards on which it cannot run, or is not modelled. */
  readonly refused: readonly CardsRefused[];
  /** The job, every key settled where it could be. */
  readonly job: JobDocument;
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface CardsCard {
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** How many of it. */
  readonly gpus: number;
  /** What the driver of one card gives to programs. */
  readonly memory_bytes: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** Of all GPUs, padding included; null where no rates are known. */
  readonly tokens_per_second: number | null;
  /** Of the run, or of a million tokens; null where no list has a price. */
  readonly usd: number | null;
  /** Whether that is the price of the whole run. */
  readonly whole_run: boolean;
  /** The cheapest such machine; null where no list has one. */
  readonly offer: Offer | null;
}

export interface CardsRefused {
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** Why, for people. */
  readonly reason: string;
  /** A sentence in parts, for those who have other words for a field. */
  readonly notice: Notice;
}

export interface Correction {
  /** What it was kept as. */
  readonly name: string;
  /** The run that it was measured in. */
  readonly run: string;
  /** The day of that. */
  readonly date: string;
  /** Version of the program that made it. */
  readonly vramcast_version: string;
  /** Factor of what tensors take. */
  readonly tensors: number;
  /** Factor of what the caching allocator reserves beside them. */
  readonly allocator: number;
  /** What is added outside the allocator; may be negative. */
  readonly outside_bytes: number;
  /** Factor of the speed; null where none was measured. */
  readonly speed: number | null;
  /** Parameters of the model; it is for jobs with half to twice as many. */
  readonly parameters: number;
  /** Tokens of a forward pass on one GPU; likewise. */
  readonly tokens: number;
  /** What decides which code runs, by name; all of it has to be equal. */
  readonly jobs: Readonly<Record<string, string>>;
}

/** What a run costs on each GPU for rent, the cheapest first. */
export interface Cost {
  readonly vramcast_version: string;
  readonly kind: "cost";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** Name of the model. */
  readonly model: string;
  /** How it is trained. */
  readonly method: string;
  /** Of the run, without padding. */
  readonly tokens: number;
  /** The day on which ages are told. */
  readonly today: string;
  /** The kind of price that machines are ordered by: on-demand or spot. */
  readonly ordered_by: string;
  /** Age of the newest of the prices. */
  readonly age_days_least: number;
  /** Age of the oldest of the prices. */
  readonly age_days_most: number;
  /** Whether they may be older, as lists say no more than a month. */
  readonly age_may_be_more: boolean;
  /** Offers that are left out for the age of their price. */
  readonly offers_left_out_for_age: number;
  /** Whether none is as young as was asked for, so that the youngest of each GPU count. */
  readonly all_prices_old: boolean;
  /** Names of the price lists that were read. */
  readonly lists: readonly string[];
  /** How a spot machine is lived with. */
  readonly spot_terms: CostTerms;
  /** The smallest machine of each GPU on which the run fits, the cheapest first. */
  readonly machines: readonly CostMachine[];
  /** GPUs that do not come into question, with the reason. */
  readonly left_out: readonly CostExcluded[];
  /** Assumptions, one sentence each. */
  readonly assumptions: readonly string[];
  /** The same in parts, for those who have other words for a field. */
  readonly assumption_notices: readonly Notice[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface CostExcluded {
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** Of the largest machine with it. */
  readonly count: number;
  readonly reason: "does_not_fit" | "machine_too_small" | "not_known";
  /** Of each GPU. */
  readonly needed_bytes?: number;
  /** Of as many GPUs. */
  readonly usable_bytes?: number;
  /** host or disk. */
  readonly resource?: string;
  /** Of the machine. */
  readonly machine_needs_bytes?: number;
  /** Most of such machines. */
  readonly machine_has_bytes?: number;
  /** Why not, for people. */
  readonly detail?: string;
}

export interface CostMachine {
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** How many of it in a machine. */
  readonly count: number;
  /** How many such machines. */
  readonly nodes: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What spreads the job over several GPUs; null on one. */
  readonly strategy: string | null;
  /** Of each GPU. */
  readonly needed_bytes: number;
  /** Of as many GPUs. */
  readonly usable_bytes: number;
  /** Of the whole run. */
  readonly seconds: number;
  /** The run at the high end of the speed's range. */
  readonly low_seconds: number;
  /** The run at the low end of the speed's range. */
  readonly high_seconds: number;
  /** Null where it is not offered so. */
  readonly on_demand: CostOnDemand | null;
  /** Null where it is not offered so. */
  readonly spot: CostSpot | null;
}

export interface CostMachineTooSmall {
  readonly reason: "machine_too_small";
  /** host or disk. */
  readonly resource: string;
  /** Of the machine. */
  readonly machine_needs_bytes: number;
  /** Most of such machines. */
  readonly machine_has_bytes: number;
}

export interface CostNotKnown {
  readonly reason: "not_known";
  /** Why not, for people. */
  readonly detail: string;
}

export interface CostOnDemand {
  /** Of the run. */
  readonly usd: number;
  /** Of the run at the high end of the speed's range. */
  readonly low_usd: number;
  /** Of the run at the low end of the speed's range. */
  readonly high_usd: number;
  /** Without padding. */
  readonly usd_per_million_tokens: number;
  /** Of it, what storage of its disk and what is carried home cost; null where its list has no price of them. */
  readonly beside_usd: number | null;
  /** The cheapest of such machines. */
  readonly offer: Offer;
}

export interface CostSpot {
  /** Whether interruptions come so often that the run hardly gets on. */
  readonly hopeless: boolean;
  /** From one checkpoint to the next. */
  readonly checkpoint_interval_seconds?: number;
  /** Checkpoints of the run. */
  readonly checkpoints?: number;
  /** Interruptions of the run. */
  readonly expected_interruptions?: number;
  /** A run that nothing interrupts. */
  readonly undisturbed_seconds?: number;
  /** The mean run. */
  readonly expected_seconds?: number;
  /** Nine of ten runs take no longer. */
  readonly p90_seconds?: number;
  /** A run that nothing interrupts. */
  readonly undisturbed_usd?: number;
  /** The mean run. */
  readonly expected_usd?: number;
  /** Nine of ten runs cost no more. */
  readonly p90_usd?: number;
  /** Of the mean run, without padding. */
  readonly expected_usd_per_million_tokens?: number;
  /** Of it, what storage of its disk and what is carried home cost; null where its list has no price of them. */
  readonly expected_beside_usd?: number | null;
  /** The cheapest of such machines. */
  readonly offer: Offer;
}

export interface CostSpotPrices {
  /** A run that nothing interrupts. */
  readonly undisturbed_usd: number;
  /** The mean run. */
  readonly expected_usd: number;
  /** Nine of ten runs cost no more. */
  readonly p90_usd: number;
  /** Of the mean run, without padding. */
  readonly expected_usd_per_million_tokens: number;
  /** Of it, what storage of its disk and what is carried home cost; null where its list has no price of them. */
  readonly expected_beside_usd: number | null;
}

export interface CostSpotTimes {
  /** From one checkpoint to the next. */
  readonly checkpoint_interval_seconds: number;
  /** Checkpoints of the run. */
  readonly checkpoints: number;
  /** Interruptions of the run. */
  readonly expected_interruptions: number;
  /** A run that nothing interrupts. */
  readonly undisturbed_seconds: number;
  /** The mean run. */
  readonly expected_seconds: number;
  /** Nine of ten runs take no longer. */
  readonly p90_seconds: number;
}

export interface CostTerms {
  /** Mean time from one interruption to the next. */
  readonly seconds_between_interruptions: number;
  /** From one checkpoint to the next; null where the best is taken. */
  readonly checkpoint_interval_seconds: number | null;
  /** From an interruption to the first step; null where it is estimated. */
  readonly restart_seconds: number | null;
}

export interface CostTooLarge {
  readonly reason: "does_not_fit";
  /** Of each GPU. */
  readonly needed_bytes: number;
  /** Of as many GPUs. */
  readonly usable_bytes: number;
}

/** What decides whether the job fits: what there is too little of, else the card. */
export interface Decides {
  /** gpu, host (the machine's memory) or disk. */
  readonly resource: LifeResource;
  /** Part of the run that takes most of it. */
  readonly episode: string;
  /** What the run takes of it. */
  readonly needed_bytes: number;
  /** What there is; null where nobody says. */
  readonly available_bytes: number | null;
}

/** The peak memory of a training step, what it is made of, and how long the step takes. */
export interface Estimate {
  readonly vramcast_version: string;
  readonly kind: "estimate";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** The model, as its config.json has it. */
  readonly model: EstimateModel;
  /** The card of the job; null where it names none. */
  readonly gpu: EstimateCard | null;
  /** What decides whether the job fits: what there is too little of, else the card. */
  readonly decides: Decides;
  /** Memory of the rank that needs most, in bytes of one card. */
  readonly memory: Memory;
  /** Every kind of rank. */
  readonly ranks: readonly Rank[];
  /** The run from loading to what is left of it: what it takes of machines and disk. */
  readonly life: Life;
  /** The longest batch; there where the job says how long its examples are. */
  readonly worst_batch?: WorstBatch;
  /** Speed; null without a GPU whose rates are known. */
  readonly time: Time | null;
  /** The job, every key settled where it could be. */
  readonly job: JobDocument;
  /** Where each value comes from. */
  readonly settings: readonly EstimateSetting[];
  /** Assumptions, one sentence each. */
  readonly assumptions: readonly string[];
  /** For each of them, the key of the job that it follows from; null where it always holds. */
  readonly assumptions_about: readonly (string | null)[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
  /** The step of the rank that needs most, state by state; there where asked for. */
  readonly timeline?: Timeline;
  /** Each module with tensors at the peak, behind the one above it; where asked for. */
  readonly by_module?: readonly Module[];
  /** The correction that was kept for such jobs; there where one is used. */
  readonly correction?: EstimateCorrected;
}

export interface EstimateCard {
  /** Name of the card in the catalogue. */
  readonly name: string;
  /** What the driver of one card gives to programs. */
  readonly memory_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. Null where there is no range. */
  readonly verdict: Verdict | null;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. Null where there is no range. */
  readonly verdict_words: string | null;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
}

export interface EstimateCorrected {
  /** What it was kept as. */
  readonly name: string;
  /** The run that it was measured in. */
  readonly run: string;
  /** The day of that. */
  readonly date: string;
  /** Version of the program that made it. */
  readonly vramcast_version: string;
  /** Factor of what tensors take. */
  readonly tensors: number;
  /** Factor of what the caching allocator reserves beside them. */
  readonly allocator: number;
  /** What is added outside the allocator; may be negative. */
  readonly outside_bytes: number;
  /** Factor of the speed; null where none was measured. */
  readonly speed: number | null;
  /** Parameters of the model; it is for jobs with half to twice as many. */
  readonly parameters: number;
  /** Tokens of a forward pass on one GPU; likewise. */
  readonly tokens: number;
  /** What decides which code runs, by name; all of it has to be equal. */
  readonly jobs: Readonly<Record<string, string>>;
  /** The corrected figures. */
  readonly corrected: EstimateCorrectedFigures;
}

export interface EstimateCorrectedFigures {
  /** Peak of what PyTorch's allocator has given out. */
  readonly allocated_bytes: number;
  /** Peak of what PyTorch's caching allocator has taken from the device. */
  readonly reserved_bytes: number;
  /** As nvidia-smi shows it over many steps: reserved, with the CUDA context and communicators, without what only the first steps hold for moments where memory runs short. */
  readonly device_bytes: number;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. Null without a card or a range. */
  readonly verdict: Verdict | null;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** Of all GPUs; null where no speed was measured, or none is estimated. */
  readonly tokens_per_second: number | null;
}

export interface EstimateModel {
  /** Its name: an entry of the catalogue, a Hub id, or a path. */
  readonly id: string;
  /** Where its config.json was found. */
  readonly origin: string;
  /** model_type of its config.json. */
  readonly model_type: string;
  /** Parameters of the model. */
  readonly parameters: number;
  /** Parameters that a token runs through; fewer than all in a mixture of experts. */
  readonly active_parameters: number;
  /** Decoder layers. */
  readonly layers: number;
  /** Features of a token between layers. */
  readonly hidden_size: number;
  /** Tokens that it knows. */
  readonly vocabulary_size: number;
  /** Longest sequence of its config.json; 0 where it has none. */
  readonly max_positions: number;
}

export interface EstimateSetting {
  /** Path of the key in a job document. */
  readonly key: string;
  /** As in a job document; null where it is left open. */
  readonly value: Json | null;
  /** What it was decided by: set, implied, framework_default, default or assumed. */
  readonly provenance: string;
  /** The place, the rule or the default that decided. */
  readonly note: string;
}

/** Files that run the job, or rent its machine. */
export interface Files {
  readonly vramcast_version: string;
  readonly kind: "files";
  /** What to write. */
  readonly files: readonly FilesText[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface FilesText {
  /** Plain name, in a folder of the user's. */
  readonly path: string;
  /** All of it. */
  readonly text: string;
}

/** Whether a job fits a card, and what would make it fit. */
export interface Fit {
  readonly vramcast_version: string;
  readonly kind: "fit";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** Name of the model. */
  readonly model: string;
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** How many of it. */
  readonly gpus: number;
  /** What the driver of one card gives to programs. */
  readonly memory_bytes: number;
  /** What was asked to stay free. */
  readonly kept_free_bytes: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** The episode of the run whose peak is the highest, such as load or step. */
  readonly peak_episode: string;
  /** What decides whether the job fits: what there is too little of, else the card. */
  readonly decides: Decides;
  /** The job, every key settled where it could be. */
  readonly job: JobDocument;
  /** Changes that save memory, each on its own; need says whether it fits then. */
  readonly alone: readonly FitChange[];
  /** Changes that make it fit together. */
  readonly together: readonly FitChange[];
  /** Several changes on the same cards, none of which can be left out, with which it probably fits, where only other cards make it fit for certain; none where one of alone is enough. */
  readonly likely: readonly FitChange[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
  /** The correction that the figures go by; there where one is used. */
  readonly correction?: FitCorrected;
}

export interface FitChange {
  /** What is changed, for people. */
  readonly change: string;
  /** What is given up. */
  readonly drawback: ChangeDrawback;
  /** What it costs, for people. */
  readonly cost: string;
  /** Memory that each machine then has to have; null where it is not more. */
  readonly host_bytes: number | null;
  /** How its time is known. */
  readonly time: TimeEffectBasis;
  /** Time after for time before, above 1 where slower; null unless estimated. */
  readonly time_factor: number | null;
  /** Another card; null where it stays. */
  readonly gpu: string | null;
  /** Less than before it, of what decided then. */
  readonly saved_bytes: number;
  /** What decided before it, as it is after it. */
  readonly decides: Decides;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** The job after it. */
  readonly job: JobDocument;
}

export interface FitCorrected {
  /** What it was kept as. */
  readonly name: string;
  /** The run that it was measured in. */
  readonly run: string;
  /** The day of that. */
  readonly date: string;
  /** Version of the program that made it. */
  readonly vramcast_version: string;
  /** Factor of what tensors take. */
  readonly tensors: number;
  /** Factor of what the caching allocator reserves beside them. */
  readonly allocator: number;
  /** What is added outside the allocator; may be negative. */
  readonly outside_bytes: number;
  /** Factor of the speed; null where none was measured. */
  readonly speed: number | null;
  /** Parameters of the model; it is for jobs with half to twice as many. */
  readonly parameters: number;
  /** Tokens of a forward pass on one GPU; likewise. */
  readonly tokens: number;
  /** What decides which code runs, by name; all of it has to be equal. */
  readonly jobs: Readonly<Record<string, string>>;
  /** What the job needs without the correction. */
  readonly uncorrected_needed_bytes: number;
}

/** GPUs of the catalogue. */
export interface Gpus {
  readonly vramcast_version: string;
  readonly kind: "gpus";
  /** By name. */
  readonly gpus: readonly GpusCard[];
}

export interface GpusCard {
  /** Name of the card in the catalogue. */
  readonly name: string;
  /** Who makes it. */
  readonly vendor: string;
  /** Its generation, with the chip where the generation has several. */
  readonly architecture: string;
  /** What code is compiled for: CUDA's compute capability, or ROCm's gfx target. */
  readonly compute_capability: string;
  /** Before any context is there, as nvidia-smi and its like report it. */
  readonly memory_bytes: number;
  /** The same in MiB. */
  readonly memory_mib: number;
  /** Whether the memory is what a driver reports, and not derived from what it is sold as. */
  readonly memory_reported: boolean;
  /** What the driver gives to programs on Linux, PyTorch's total_memory; null where no output of a program is known. */
  readonly total_memory_bytes: number | null;
  /** The same on Windows. */
  readonly total_memory_windows_bytes: number | null;
  /** The number on the box. */
  readonly marketed_gb: number;
  /** What it is sold for. */
  readonly class: GpuClass;
  /** Of its memory, in GB/s; null where not known. */
  readonly bandwidth_gb_s: number | null;
  /** With fp32 accumulation; those of fp16 where there is no bf16. */
  readonly bf16_tflops: number | null;
  /** Null where it has none, or they are not known. */
  readonly fp8_tflops: number | null;
  /** Null where it has none, or they are not known. */
  readonly nvfp4_tflops: number | null;
  /** How it reaches others of its machine, for people. */
  readonly interconnect: string;
  /** To a peer in the machine, one direction, in GB/s; null where not known. */
  readonly link_gb_s: number | null;
  /** Its power limit; null where not known. */
  readonly watts: number | null;
  /** How many of them a machine usually holds. */
  readonly usual_node: string;
  /** Whether it multiplies in bf16. */
  readonly bf16: boolean;
  /** Whether FlashAttention runs. */
  readonly flash_attention: boolean;
  /** Whether it multiplies in fp8. */
  readonly fp8: boolean;
  /** Which figures are cited, derived or recalled. */
  readonly standing: string;
  /** What to know before the figures are used; may be empty. */
  readonly note: string;
  /** Where each figure is from. */
  readonly source: string;
}

/** A guide's table of memory, GPUs and costs beside estimates of the same jobs. */
export interface Guide {
  readonly vramcast_version: string;
  readonly kind: "guide";
  /** The settings of the estimated jobs. */
  readonly settings: string;
  /** What the choices of GPUs rest on. */
  readonly gpu_settings: string;
  /** Name of the price list. */
  readonly price_list: string;
  /** The guide's rows, in its order. */
  readonly rows: readonly GuideRow[];
  /** The guide's examples of costs. */
  readonly cost_examples: GuideExamples;
}

export interface GuideChecked {
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** How many of it. */
  readonly gpus: number;
  /** Of all of them, on demand. */
  readonly usd_per_hour: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict | null;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string | null;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number | null;
  /** Low end of the range. */
  readonly low_bytes: number | null;
  /** High end of the range. */
  readonly high_bytes: number | null;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number | null;
}

export interface GuideChoice {
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** How many of it. */
  readonly gpus: number;
  /** Of all of them, on demand. */
  readonly usd_per_hour: number;
}

export interface GuideChoices {
  /** The guide's choice, held against the estimate. */
  readonly guide: GuideChecked;
  /** What the rule that the guide seems to follow leads to. */
  readonly rule: GuideChoice;
  /** Whether these are the same. */
  readonly rule_agrees: boolean;
  /** The cheapest that hold the guide's own total. */
  readonly cheapest_by_rule: GuideChoice;
  /** The cheapest that hold the job for certain; null where it is not modelled. */
  readonly estimate: GuideChecked | null;
  /** What is to be said of them, a line each. */
  readonly remarks: readonly string[];
}

export interface GuideExample {
  /** Its name. */
  readonly example: string;
  /** Its model. */
  readonly model: string;
  /** What is trained, and how. */
  readonly method: string;
  /** Its GPU, as the guide calls it. */
  readonly gpu: string;
  /** How many of it. */
  readonly count: number;
  /** Hours that the guide states. */
  readonly stated_hours: number;
  /** Price that the guide printed. */
  readonly printed_usd_per_hour: number;
  /** Cost that the guide printed. */
  readonly printed_usd: number;
  /** Price of the list. */
  readonly list_usd_per_hour: number;
  /** The stated hours at that price. */
  readonly usd: number;
  /** Our own hours; null where too little is stated, or it does not fit. */
  readonly our: GuideOwn | null;
  /** On our hours, or on why there are none. */
  readonly why: string;
}

export interface GuideExamples {
  /** The settings of the estimated jobs. */
  readonly settings: string;
  /** In the guide's order. */
  readonly rows: readonly GuideExample[];
}

export interface GuideOwn {
  /** Of the run. */
  readonly seconds: number;
  /** The run at the high end of the speed's range; null on spot. */
  readonly low_seconds: number | null;
  /** The run at the low end of the speed's range; null on spot. */
  readonly high_seconds: number | null;
  /** Of the run. */
  readonly usd: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: string;
}

export interface GuideRow {
  /** Its class of sizes. */
  readonly size_class: string;
  /** What is trained, and how. */
  readonly method: string;
  /** The guide's own figure. */
  readonly printed_total_gb: number;
  /** The guide's rule, worked out again. */
  readonly rule: GuideRule;
  /** The rule's total less the printed one. */
  readonly difference_gb: number;
  /** Catalogue name of the model that was estimated. */
  readonly model: string;
  /** Peak that PyTorch's allocator gives out; null where it is not modelled. */
  readonly estimated_bytes: number | null;
  /** Where rule and estimate differ most, or why there is no estimate. */
  readonly why: string;
  /** Which GPUs it takes. */
  readonly gpus: GuideChoices;
}

export interface GuideRule {
  /** Of the model. */
  readonly weight_bytes: number;
  /** Of adapters; 0 under full training. */
  readonly adapter_bytes: number;
  /** Of what is trained. */
  readonly gradient_bytes: number;
  /** Of Adam's moments and fp32 copies. */
  readonly optimizer_bytes: number;
  /** A flat sum for the size. */
  readonly activation_bytes: number;
  /** The sum of its parts. */
  readonly total_bytes: number;
}

/** The run from loading to what is left of it: what it takes of machines and disk. */
export interface Life {
  /** Memory that each machine has to have. */
  readonly host_bytes: number;
  /** Disk that the machine has to have that writes checkpoints. */
  readonly disk_bytes: number;
  /** The episodes, in the order in which they first come. */
  readonly episodes: readonly LifeNeeds[];
  /** Files of one checkpoint; none where the framework's way is not known. */
  readonly checkpoint: readonly LifeSaved[];
  /** What the disk holds at the end. */
  readonly disk: readonly LifeShare[];
  /** Assumptions, one sentence each. */
  readonly assumptions: readonly string[];
  /** For each of them, the key of the job that it follows from; null where it always holds. */
  readonly assumptions_about: readonly (string | null)[];
}

export interface LifeNeeds {
  /** Its name, such as load or save. */
  readonly episode: string;
  /** Peak of what PyTorch's allocator has given out on the GPU that holds most. */
  readonly allocated_bytes: number;
  /** Of the machine that needs most. */
  readonly host_bytes: number;
  /** On the disk when it ends. */
  readonly disk_bytes: number;
}

export interface LifeSaved {
  /** Its name; a folder's ends with a slash. */
  readonly file: string;
  /** What it holds. */
  readonly holds: string;
  /** Its size. */
  readonly bytes: number;
}

export interface LifeShare {
  /** What it is. */
  readonly what: string;
  /** What it takes. */
  readonly bytes: number;
}

/** The most of a batch, a sequence, an image or a generation that a card holds. */
export interface Limit {
  readonly vramcast_version: string;
  readonly kind: "max";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** Name of the model. */
  readonly model: string;
  /** Name of the card in the catalogue. */
  readonly card: string;
  /** The key of the job that was searched. */
  readonly key: string;
  /** The search goes no further. */
  readonly most_tried: number;
  /** The most of which all of the range fits; null where nothing does. */
  readonly for_certain: LimitLargest | null;
  /** The most of which the estimate fits; null where nothing does. */
  readonly by_the_estimate: LimitLargest | null;
  /** The job with the least value; null where something fits by the estimate. */
  readonly least: LimitSmallest | null;
  /** Changes, each of which makes longer sequences fit, the longest first. */
  readonly longer: readonly LimitLonger[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface LimitLargest {
  /** Of the key; of an image a side in pixels, of a share hundredths. */
  readonly value: number;
  /** Tokens of a sequence, images included. */
  readonly sequence_length: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
}

export interface LimitLonger {
  /** What is changed, for people. */
  readonly change: string;
  /** What it costs, for people. */
  readonly cost: string;
  /** Tokens of a sequence that fits by the estimate, in steps of 256. */
  readonly tokens: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** The job after it. */
  readonly job: JobDocument;
}

export interface LimitSmallest {
  /** Of the key. */
  readonly value: number;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** What would help most, for people. */
  readonly help: string;
}

/** What was found in a training file, by line. */
export interface Lint {
  readonly vramcast_version: string;
  readonly kind: "lint";
  /** Name of the file. */
  readonly file: string;
  /** What it is read as. */
  readonly format: string;
  /** What was found, by line. */
  readonly findings: readonly LintFound[];
  /** The job that it describes, by the paths of its keys. */
  readonly job: Readonly<Record<string, Json>>;
}

export interface LintFound {
  /** What it is, as docs/training-files.md lists them. */
  readonly code: string;
  /** warning, or note where nothing is wrong. */
  readonly severity: string;
  /** Name of the file that it is in. */
  readonly file: string;
  /** Line of the file; null where it is about none. */
  readonly line: number | null;
  /** Column of the line, in which the key begins; null where it is not known. */
  readonly column: number | null;
  /** The key of the file. */
  readonly key: string;
  /** Its value, as the file has it. */
  readonly value: string;
  /** One line about it. */
  readonly message: string;
  /** The message in parts: texts, and fields between them. */
  readonly sentence: readonly (PieceText | PieceField | PiecePlace)[];
}

export interface Memory {
  /** Peak of what PyTorch's allocator has given out. */
  readonly allocated_bytes: number;
  /** Peak of what PyTorch's caching allocator has taken from the device. */
  readonly reserved_bytes: number;
  /** As nvidia-smi shows it over many steps: reserved, with the CUDA context and communicators, without what only the first steps hold for moments where memory runs short. */
  readonly device_bytes: number;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Of the CUDA context and loaded kernels. */
  readonly context_bytes: number;
  /** Of communicators such as NCCL's. */
  readonly communicator_bytes: number;
  /** In the memory of each machine, of all its ranks. */
  readonly host_bytes: number;
  /** Within which the truth is expected. */
  readonly ranges: MemoryRanges;
  /** The episode of the run whose peak is the highest, such as load or step. */
  readonly peak_episode: string;
  /** The phase of it in which the peak is. */
  readonly peak_phase: Phase;
  /** The episodes of the run, in their order. */
  readonly episodes: readonly MemoryEpisode[];
  /** Highest in each phase. */
  readonly phase_peak_bytes: Readonly<Record<string, number>>;
  /** What is alive at the peak, by category; the sum is the peak. */
  readonly breakdown_bytes: Readonly<Record<string, number>>;
  /** Tensors alive at the peak, largest first. */
  readonly alive: readonly MemoryAlive[];
}

export interface MemoryAlive {
  /** What they are. */
  readonly name: string;
  /** The category that they are counted under. */
  readonly category: Category;
  /** How many there are. */
  readonly count: number;
  /** Of all of them. */
  readonly bytes: number;
}

/** Where the truth is expected; null where there is no range for such a job. */
export interface MemoryByteRange {
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What its runs have in common with the job. */
  readonly kind: string;
  /** Runs that the range rests on. */
  readonly runs: number;
  /** Sources that those runs are from. */
  readonly sources: number;
}

export interface MemoryEpisode {
  /** Its name, such as load or step. */
  readonly episode: string;
  /** Peak of what PyTorch's allocator has given out while it runs. */
  readonly allocated_bytes: number;
  /** The phase of it in which the peak is. */
  readonly peak_phase: Phase;
}

export interface MemoryRanges {
  /** The share of runs that the range is made to hold. */
  readonly share: number;
  /** Where the truth is expected; null where there is no range for such a job. */
  readonly allocated: MemoryByteRange | null;
  /** Where the truth is expected; null where there is no range for such a job. */
  readonly reserved: MemoryByteRange | null;
  /** Where the truth is expected; null where there is no range for such a job. */
  readonly device: MemoryByteRange | null;
  /** Where the truth is expected; null where there is no range for such a job. */
  readonly needed: MemoryByteRange | null;
}

/** Models of the catalogue with their sizes. */
export interface Models {
  readonly vramcast_version: string;
  readonly kind: "models";
  /** By name. */
  readonly models: readonly ModelsEntry[];
}

export interface ModelsEntry {
  /** Its name in the catalogue. */
  readonly name: string;
  /** model_type of its config.json. */
  readonly model_type: string;
  /** Parameters of the model. */
  readonly parameters: number;
  /** Parameters that a token runs through; fewer than all in a mixture of experts. */
  readonly active_parameters: number;
  /** Decoder layers. */
  readonly layers: number;
  /** Features of a token between layers. */
  readonly hidden_size: number;
  /** Tokens that it knows. */
  readonly vocabulary_size: number;
  /** Longest sequence of its config.json; 0 where it has none. */
  readonly max_positions: number;
  /** Other names of it. */
  readonly aliases: readonly string[];
  /** Repositories of the Hub that have this structure. */
  readonly hub_ids: readonly string[];
  /** Where its config.json is from. */
  readonly source: string;
}

/** What a card can train, by model and method. */
export interface ModelsThatFit {
  readonly vramcast_version: string;
  readonly kind: "max";
  /** What was asked, for people. */
  readonly title: string;
  /** Models, the smallest first. */
  readonly models: readonly ModelsThatFitModel[];
  /** What all jobs have in common, one sentence each. */
  readonly settings: readonly string[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface ModelsThatFitModel {
  /** Name of the model. */
  readonly model: string;
  /** Parameters of the model. */
  readonly parameters: number;
  /** By method; one that is missing cannot train it. */
  readonly methods: Readonly<Record<string, Need>>;
}

export interface Module {
  /** Path from the model; empty for the run. */
  readonly module: string;
  /** Alive at the peak, with the modules below. */
  readonly bytes: number;
  /** The most at any time. */
  readonly own_peak_bytes: number;
  /** Tensors that this module itself made, largest first. */
  readonly tensors: readonly ModuleTensor[];
}

export interface ModuleTensor {
  /** The operation that allocates them. */
  readonly operation: string;
  /** Rows and features, or elements where the last dimension is not known. */
  readonly shape: readonly number[];
  /** Their dtype. */
  readonly dtype: string;
  /** What they are. */
  readonly name: string;
  /** The category that they are counted under. */
  readonly category: Category;
  /** File and function that allocate them. */
  readonly code: string;
  /** How many there are; less than 0 where more were freed under this description. */
  readonly count: number;
  /** Of all of them. */
  readonly bytes: number;
}

/** What the job needs of the card. */
export interface Need {
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
}

/** The verdict on a job that does not start on its card, so that there is no peak. */
export interface NoRoom {
  readonly vramcast_version: string;
  readonly kind: "no_room";
  /** Always does_not_fit. */
  readonly verdict: Verdict;
  /** What has too little room, and how much would do. */
  readonly reason: string;
  /** A sentence in parts, for those who have other words for a field. */
  readonly notice: Notice;
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

/** The verdict on a job that nobody can put figures to yet, without any figure. */
export interface NotModelled {
  readonly vramcast_version: string;
  readonly kind: "not_modelled";
  /** Always not_modelled. */
  readonly verdict: Verdict;
  /** What of the job is not modelled; no figure is given in its place. */
  readonly reason: string;
  /** Each thing that is not modelled. */
  readonly missing: readonly NotModelledMissing[];
  /** A sentence in parts, for those who have other words for a field. */
  readonly notice: Notice;
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface NotModelledMissing {
  /** The key of the job that asks for it, by its path; only where one does. */
  readonly field?: string;
  /** Where that stands in a text that was given; only where it does. */
  readonly place?: string;
  /** What it is, with its value and under which circumstances. */
  readonly what: string;
  /** What would have to be known; only where that is said. */
  readonly needed?: string;
  /** What is modelled in its place; only where that is said. */
  readonly modelled?: string;
}

/** A sentence in parts, for those who have other words for a field. */
export interface Notice {
  /** Where what it is about stands, as file:line:column; only where it does. */
  readonly place?: string;
  /** Texts, and fields between them. */
  readonly sentence: readonly (PieceText | PieceField | PiecePlace)[];
}

/** A machine for rent. */
export interface Offer {
  /** Who rents it out. */
  readonly provider: string;
  /** What the provider calls it. */
  readonly instance: string;
  /** Name of the card in the catalogue. */
  readonly gpu: string;
  /** How many of it. */
  readonly count: number;
  /** Of the machine; null where it is not offered so. */
  readonly on_demand_usd_per_hour: number | null;
  /** Of the machine; null where it is not offered so. */
  readonly spot_usd_per_hour: number | null;
  /** Of one GPU; null where it is not offered so. */
  readonly on_demand_usd_per_gpu_hour: number | null;
  /** Of one GPU; null where it is not offered so. */
  readonly spot_usd_per_gpu_hour: number | null;
  /** Where it stands, as the provider calls it. */
  readonly region: string;
  /** The day or the month of the price. */
  readonly as_of: string;
  /** Age of the newest of the prices. */
  readonly age_days_least: number;
  /** Age of the oldest of the prices. */
  readonly age_days_most: number;
  /** Whether they may be older, as lists say no more than a month. */
  readonly age_may_be_more: boolean;
  /** Where the price is from. */
  readonly source: string;
  /** Memory of the processors; null where a list does not say. */
  readonly host_memory_bytes: number | null;
  /** Of the machine's disk; null where a list does not say. */
  readonly disk_bytes: number | null;
  /** Bits a second between machines of its kind; null where nothing is known of it. */
  readonly network_bits: number | null;
  /** The least time that is billed; null where a list does not say. */
  readonly least_billed_seconds: number | null;
  /** Billed before it can run anything; null where a list does not say. */
  readonly start_up_seconds: number | null;
  /** Of storage that the price leaves out; null where a list does not say. */
  readonly storage_usd_per_gb_month: number | null;
  /** Of what leaves the machine; null where a list does not say. */
  readonly egress_usd_per_gb: number | null;
  /** Whether a private host rents it out, who may take it away at any time. */
  readonly peer_to_peer: boolean;
  /** The share of time that its host was there; null where a list does not say. */
  readonly reliability: number | null;
}

/** A field, which whoever shows the sentence may have a word for. */
export interface PieceField {
  /** The key of the job, by its path, or the field. */
  readonly field: string;
}

/** Where something else stands that the sentence speaks of. */
export interface PiecePlace {
  /** As it is shown, name:line:column. */
  readonly place: string;
  /** The name of the text that it is in, such as the path of a file. */
  readonly file: string;
  /** Line of the text, from 1; only where it is about one. */
  readonly line?: number;
  /** Column of the line, from 1; only where it is known. */
  readonly column?: number;
}

/** A stretch of text. */
export interface PieceText {
  /** As it is. */
  readonly text: string;
}

export interface Place {
  /** Where it stands in a text that was given, as name:line:column; only where it does. */
  readonly place?: string;
  /** The name of that text, such as the path of a file; only where there is one. */
  readonly file?: string;
  /** Line of the text, from 1; only where it is about one. */
  readonly line?: number;
  /** Column of the line, from 1; only where it is known. */
  readonly column?: number;
}

/** Where and how to run a job: machines with settings that fit, the best first. */
export interface Plan {
  readonly vramcast_version: string;
  readonly kind: "plan";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** Name of the model. */
  readonly model: string;
  /** What makes a line better than another. */
  readonly ranked_by: Ranking;
  /** How machines are rented: on-demand or spot. */
  readonly purchase: string;
  /** The day on which ages are told. */
  readonly today: string;
  /** Age of the newest of the prices. */
  readonly age_days_least: number;
  /** Age of the oldest of the prices. */
  readonly age_days_most: number;
  /** Whether they may be older, as lists say no more than a month. */
  readonly age_may_be_more: boolean;
  /** Offers that are left out for the age of their price. */
  readonly offers_left_out_for_age: number;
  /** Whether none is as young as was asked for, so that the youngest of each GPU count. */
  readonly all_prices_old: boolean;
  /** Offers times settings. */
  readonly candidates: number;
  /** What each constraint leaves out. */
  readonly excluded: readonly PlanExcluded[];
  /** Whether the memory of each candidate was looked at. */
  readonly memory_of_all_is_known: boolean;
  /** What can be rented, the best first. */
  readonly lines: readonly PlanLine[];
  /** What the first line is compared with; null where there is nothing. */
  readonly next: PlanLine | null;
  /** What would be found without a limit; null where something is found, or where no limit leaves anything out. */
  readonly beyond: PlanUnlimited | null;
  /** Assumptions, one sentence each. */
  readonly assumptions: readonly string[];
  /** The same in parts, for those who have other words for a field. */
  readonly assumption_notices: readonly Notice[];
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface PlanExcluded {
  /** Its name: price, legality, deadline, budget, memory, network, host memory, or the key or field that says which machines are looked at. */
  readonly constraint: string;
  /** The same for people: texts, and fields between them. */
  readonly sentence: readonly (PieceText | PieceField | PiecePlace)[];
  /** Candidates that no constraint before it excludes. */
  readonly candidates: number;
}

export interface PlanLine {
  /** Of the whole run. */
  readonly cost_usd: number;
  /** Of it, what storage of its disk and what is carried home cost; null where its list has no price of them. */
  readonly beside_usd: number | null;
  /** That are paid for; on spot they are expected. */
  readonly hours: number;
  /** Of all machines. */
  readonly usd_per_hour: number;
  /** How many such machines. */
  readonly nodes: number;
  /** Of a run that nothing interrupts. */
  readonly hours_undisturbed: number;
  /** Those at the high end of the speed's range. */
  readonly hours_low: number;
  /** Those at the low end of the speed's range. */
  readonly hours_high: number;
  /** Of all GPUs, padding included. */
  readonly tokens_per_second: number;
  /** Optimizer steps. */
  readonly steps: number;
  /** How a spot machine is lived with; null on demand. */
  readonly spot: PlanSpot | null;
  /** One machine. */
  readonly offer: Offer;
  /** fits, tight or does_not_fit; tight where the memory of the card lies within the range. */
  readonly verdict: Verdict;
  /** The verdict for people: tight is called by what is likelier, or may or may not fit. */
  readonly verdict_words: string;
  /** The chance that it fits, by the errors on such runs; null where nothing is known of them. */
  readonly chance: number | null;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** Low end of the range. */
  readonly low_bytes: number;
  /** High end of the range. */
  readonly high_bytes: number;
  /** What is left of the device; negative where it is not enough. */
  readonly headroom_bytes: number;
  /** Why it stands before the next line; null where there is none. */
  readonly before_next: string | null;
  /** Why these settings can run there. */
  readonly legal_because: readonly string[];
  /** For each of them, the key of the job that it follows from; null where it always holds. */
  readonly legal_because_about: readonly (string | null)[];
  /** The estimate of it, as a command; null where none can say so. */
  readonly command: string | null;
  /** The job, every key settled where it could be. */
  readonly job: JobDocument;
}

export interface PlanSpot {
  /** Expected in the run. */
  readonly interruptions: number;
  /** From one checkpoint to the next. */
  readonly checkpoint_interval_hours: number;
  /** Checkpoints of the run. */
  readonly checkpoints: number;
  /** Nine of ten runs take no longer. */
  readonly hours_p90: number;
}

export interface PlanUnlimited {
  /** Which limit is lifted. */
  readonly without: BeyondLimit;
  /** What could be rented. */
  readonly line: PlanLine | null;
  /** Of the whole run where it takes as long as limits are held against. */
  readonly held_cost_usd: number | null;
  /** That are paid for where it takes as long as limits are held against. */
  readonly held_hours: number | null;
}

/** Machines for rent, the cheapest GPU first. */
export interface Prices {
  readonly vramcast_version: string;
  readonly kind: "prices";
  /** The day on which ages are told. */
  readonly today: string;
  /** The kind of price that offers are ordered by: on-demand or spot. */
  readonly ordered_by: string;
  /** Age of the newest of the prices. */
  readonly age_days_least: number;
  /** Age of the oldest of the prices. */
  readonly age_days_most: number;
  /** Whether they may be older, as lists say no more than a month. */
  readonly age_may_be_more: boolean;
  /** Offers that are left out for the age of their price. */
  readonly offers_left_out_for_age: number;
  /** Whether none is as young as was asked for, so that the youngest of each GPU count. */
  readonly all_prices_old: boolean;
  /** The price lists that were read. */
  readonly lists: readonly PricesPriceList[];
  /** What was asked for. */
  readonly offers: readonly Offer[];
}

export interface PricesFound {
  /** File and line. */
  readonly place: string;
  /** Whether the row gave no offer for it. */
  readonly left_out: boolean;
  /** What it is, for people. */
  readonly reason: string;
  /** What the row says. */
  readonly detail: string;
}

export interface PricesPriceList {
  /** Name of the list, or its file. */
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** What kind of file it is. */
  readonly form: string;
  /** Age of the newest of the prices. */
  readonly age_days_least?: number;
  /** Age of the oldest of the prices. */
  readonly age_days_most?: number;
  /** Whether they may be older, as lists say no more than a month. */
  readonly age_may_be_more?: boolean;
  /** Whether it has no dates, so that the file's own was taken. */
  readonly date_assumed: boolean;
  /** Rows that name a GPU. */
  readonly rows: number;
  /** Offers that they gave. */
  readonly offers: number;
  /** Rows that gave none. */
  readonly rows_left_out: number;
  /** What was found in rows, in the order of the file. */
  readonly findings: readonly PricesFound[];
}

/** A refusal, as of RFC 9457. */
export interface Problem {
  readonly type: "about:blank";
  /** The usual words for the status. */
  readonly title: string;
  /** Status of HTTP. */
  readonly status: number;
  /** One line about this case. */
  readonly detail: string;
  /** The key of the job, by its path, or the field that it is about; only where it is. */
  readonly field?: string;
  /** What kind of wrong it is, for those who tell errors apart; only of what was given. */
  readonly kind?: ErrorKind;
  /** Where it stands in a text that was given, as name:line:column; only where it does. */
  readonly place?: string;
  /** The name of that text, such as the path of a file; only where there is one. */
  readonly file?: string;
  /** Line of the text, from 1; only where it is about one. */
  readonly line?: number;
  /** Column of the line, from 1; only where it is known. */
  readonly column?: number;
  /** The value, cut to one short line; only where it is shown. */
  readonly given?: string;
  /** What may stand there; only where that can be said shortly. */
  readonly allowed?: string;
  /** The known name that was probably meant; only where there is one. */
  readonly nearest?: string;
  /** The known names near it, the nearest first; only where there are several. */
  readonly near?: readonly string[];
  /** What to do; only where that is not plain. */
  readonly hint?: string;
  /** What a name that means several may mean; only where it does. */
  readonly choices?: readonly string[];
  /** What is wrong, what is allowed and what to do, without the place: texts, and fields between them, for those who have other words for a field; only of what was given. */
  readonly sentence?: readonly (PieceText | PieceField | PiecePlace)[];
}

export interface Rank {
  /** What they have in common, such as the stage of a pipeline. */
  readonly name: string;
  /** How many GPUs there are of this kind. */
  readonly gpus: number;
  /** Peak of what PyTorch's allocator has given out. */
  readonly allocated_bytes: number;
  /** Peak of what PyTorch's caching allocator has taken from the device. */
  readonly reserved_bytes: number;
  /** As nvidia-smi shows it over many steps: reserved, with the CUDA context and communicators, without what only the first steps hold for moments where memory runs short. */
  readonly device_bytes: number;
  /** What the device must have, after what the caching allocator can give back. */
  readonly needed_bytes: number;
  /** In host memory, of this rank. */
  readonly host_bytes: number;
  /** The episode of the run whose peak is the highest, such as load or step. */
  readonly peak_episode: string;
  /** The phase of it in which the peak is. */
  readonly peak_phase: Phase;
  /** What is alive at the peak, by category; the sum is the peak. */
  readonly breakdown_bytes: Readonly<Record<string, number>>;
}

/** What the rule adds up. */
export interface RuleParts {
  /** Of the model. */
  readonly weight_bytes: number;
  /** Of adapters; 0 under full training. */
  readonly adapter_bytes: number;
  /** Of what is trained. */
  readonly gradient_bytes: number;
  /** Of Adam's moments and fp32 copies. */
  readonly optimizer_bytes: number;
  /** A flat sum for the size. */
  readonly activation_bytes: number;
}

export interface Time {
  /** Of all GPUs, padding included. */
  readonly tokens_per_second: number;
  /** Of one GPU, padding included. */
  readonly tokens_per_second_per_gpu: number;
  /** Within which the speed of all GPUs is expected. */
  readonly range: TimeRange;
  /** One optimizer step. */
  readonly step_seconds: number;
  /** Tokens of a step on all GPUs, padding included. */
  readonly tokens_per_step: number;
  /** Share of the peak arithmetic of the GPU that is used. */
  readonly mfu: number;
  /** Where the time of a step goes. */
  readonly parts_seconds: Readonly<Record<string, number>>;
  /** The whole run; null where the job does not say on how much it trains. */
  readonly run: TimeRun | null;
}

export interface TimeRange {
  /** The share of runs that the range is made to hold. */
  readonly share: number;
  /** Low end of the range. */
  readonly low_tokens_per_second: number;
  /** High end of the range. */
  readonly high_tokens_per_second: number;
  /** What its runs have in common with the job. */
  readonly kind: string;
  /** Runs that the range rests on. */
  readonly runs: number;
}

export interface TimeRun {
  /** Tokens that GPUs work on, padding included. */
  readonly tokens: number;
  /** Optimizer steps. */
  readonly steps: number;
  /** Before the first step: image, weights, tokenisation. */
  readonly startup_seconds: number;
  /** All steps. */
  readonly training_seconds: number;
  /** Forward passes over what is held out. */
  readonly evaluation_seconds: number;
  /** Writing checkpoints. */
  readonly checkpoint_seconds: number;
  /** From the start of the machine to the last checkpoint. */
  readonly total_seconds: number;
  /** The total at the high end of the speed's range. */
  readonly low_seconds: number;
  /** The total at the low end of the speed's range. */
  readonly high_seconds: number;
}

export interface Timeline {
  /** Index of the first of the highest states. */
  readonly peak: number;
  /** The phases of the step, in their order. */
  readonly phases: readonly TimelineSpan[];
  /** Alive in each state. */
  readonly total_bytes: readonly number[];
  /** Alive in each state, by category. */
  readonly breakdown_bytes: Readonly<Record<string, readonly number[]>>;
}

export interface TimelineSpan {
  /** Its name. */
  readonly phase: Phase;
  /** Index of its first state. */
  readonly from: number;
  /** Index of the first state behind it. */
  readonly to: number;
}

export interface Warnings {
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

/** What a job takes that trains nothing: it merges adapters, puts shards together or converts weights. It has no step, and so no speed, no cost and no range. */
export interface Weights {
  readonly vramcast_version: string;
  readonly kind: "weights";
  /** The answer in one sentence, for people. */
  readonly summary: string;
  /** Name of the model. */
  readonly model: string;
  /** Name of the card in the catalogue; null where none is named. */
  readonly gpu: string | null;
  /** How many of it. */
  readonly gpus: number;
  /** does_not_fit where card, machine or disk are known to have too little, else fits where the card is known, or the machine's memory if no card is used; null where it is not. */
  readonly verdict: Verdict | null;
  /** What there is too little of; null where nothing is. */
  readonly decides: Decides | null;
  /** The run from loading to what is left of it: what it takes of machines and disk. */
  readonly life: Life;
  /** The job, every key settled where it could be. */
  readonly job: JobDocument;
  /** What should be known of what was asked, one line each. */
  readonly warnings: readonly string[];
  /** The same in parts, for those who have other words for a field; only where any is. */
  readonly notices?: readonly Notice[];
}

export interface WorstBatch {
  /** How examples fill a batch, as batch.padding. */
  readonly padding: string;
  /** Where the lengths come from. */
  readonly source: string;
  /** The file that was measured; null where the job gives lengths itself. */
  readonly file: WorstBatchFile | null;
  /** Lengths of the examples, before a cut-off. */
  readonly examples: WorstBatchLengths;
  /** Tokens that examples are cut off at. */
  readonly cut_off: number;
  /** Share of the examples that are longer. */
  readonly cut_share: number;
  /** Tokens of a sequence of the longest batch. */
  readonly longest_batch: number;
  /** Lengths of batches; null where all are as long. */
  readonly batches: WorstBatchBatches | null;
  /** What the card holds; null without one, or where all batches are as long. */
  readonly survives: WorstBatchSurvival | null;
}

export interface WorstBatchBatches {
  /** Sequences of a batch. */
  readonly micro_batch: number;
  /** Batches that are worked on at a time. */
  readonly data_parallel: number;
  /** Half of them are no longer. */
  readonly p50: number;
  /** 95 of 100 are no longer. */
  readonly p95: number;
  /** 99 of 100 are no longer. */
  readonly p99: number;
  /** The longest. */
  readonly max: number;
}

export interface WorstBatchFile {
  /** Its path. */
  readonly path: string;
  /** The kinds of fields that its examples have. */
  readonly fields: readonly string[];
  /** Examples that were read. */
  readonly examples: number;
  /** Whether it was read to its end. */
  readonly complete: boolean;
  /** What tokens are guessed from; null where a tokenizer counted, or the file. */
  readonly characters_per_token: number | null;
}

export interface WorstBatchLengths {
  /** Mean, to a tenth. */
  readonly mean: number;
  /** Half of them are no longer. */
  readonly p50: number;
  /** 95 of 100 are no longer. */
  readonly p95: number;
  /** 99 of 100 are no longer. */
  readonly p99: number;
  /** The longest. */
  readonly max: number;
}

export interface WorstBatchReach {
  /** Tokens of the longest sequence that it holds. */
  readonly tokens: number;
  /** Share of the examples that are no longer. */
  readonly example_share: number;
  /** Share of the batches that are no longer. */
  readonly batch_share: number;
  /** Mean steps before a longer batch comes; null where none does. */
  readonly steps_to_a_longer_batch: number | null;
  /** Chance that no batch of the run is longer; null where its length is not known. */
  readonly run_chance: number | null;
}

export interface WorstBatchSurvival {
  /** Where memory is at the high end of its range. */
  readonly high_end_of_range: WorstBatchReach;
  /** Where memory is as estimated. */
  readonly estimate: WorstBatchReach;
  /** Where memory is at the low end of its range. */
  readonly low_end_of_range: WorstBatchReach;
}
