package dev.vramcast.core.job.objective;

import dev.vramcast.core.input.Named;

/** The stage of training that a job is, under the name of {@code objective.stage}. */
public enum Stage implements Named {
  SFT("sft"),
  PRETRAIN("pretrain"),
  DPO("dpo"),
  KTO("kto"),
  ORPO("orpo"),
  CPO("cpo"),
  REWARD("reward"),
  GRPO("grpo"),
  RLOO("rloo"),
  PPO("ppo"),
  DISTILLATION("distillation"),
  CLASSIFICATION("classification"),
  MASKED_LM("masked-lm"),
  EMBEDDING("embedding");

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Sequences that an example makes: two where it is a pair of answers. */
  public int sequencesOfAnExample() {
    return this == DPO || this == ORPO || this == CPO || this == REWARD ? 2 : 1;
  }

  /** Whether a step is one pass of the model that is trained, to the loss of its own results. */
  public boolean isSupervised() {
    return this == SFT || this == PRETRAIN || this == CLASSIFICATION || this == MASKED_LM;
  }

  /** Whether it trains on completions, which the model itself generates where nobody says who. */
  public boolean generates() {
    return this == GRPO || this == RLOO || this == PPO;
  }
}
