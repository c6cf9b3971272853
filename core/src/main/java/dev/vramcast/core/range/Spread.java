package dev.vramcast.core.range;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.Parallelism;

/** How a job is spread, as far as it decides what each GPU holds. */
public enum Spread implements Named {
  ONE_GPU("one-gpu", "one GPU"),
  DDP("ddp", "DDP"),
  FSDP("fsdp", "FSDP"),
  ZERO("zero", "ZeRO"),
  /** Experts stand on different GPUs, each of which gets as many tokens as routers send there. */
  EXPERT_PARALLEL("expert-parallel", "expert parallel"),
  /** Layers or tensors of a model stand on different GPUs. */
  MODEL_PARALLEL("model-parallel", "model parallel");

  private final String label;
  private final String words;

  Spread(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** That of a job. */
  public static Spread of(Parallelism parallelism) {
    if (parallelism.gpus() == 1) {
      return ONE_GPU;
    }
    if (parallelism.expert() > 1) {
      return EXPERT_PARALLEL;
    }
    if (parallelism.tensor() > 1 || parallelism.pipeline() > 1) {
      return MODEL_PARALLEL;
    }
    return switch (parallelism.strategy()) {
      case NONE, DDP -> DDP;
      case FSDP1, FSDP2 -> FSDP;
      case ZERO1, ZERO2, ZERO3 -> ZERO;
      case MEGATRON -> MODEL_PARALLEL;
    };
  }

  @Override
  public String label() {
    return label;
  }

  String words() {
    return words;
  }
}
