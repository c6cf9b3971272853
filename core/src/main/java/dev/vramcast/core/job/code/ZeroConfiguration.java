package dev.vramcast.core.job.code;

/**
 * Whose ZeRO runs, and from where DeepSpeed gets the sizes of its buckets, which no job document
 * states.
 */
public enum ZeroConfiguration {
  /** Its own defaults: accelerate is given no DeepSpeed file. */
  DEEPSPEED_DEFAULTS,
  /** The files that come with Transformers, whose {@code auto} values the Trainer fills in. */
  TRAINER,
  /** Files with such values for stage 3 alone; stages 1 and 2 are told nothing but to overlap. */
  TRAINER_OVERLAPPED,
  /** DeepSpeed is not there: each parameter is cut into the slices of all ranks. */
  SLICED
}
