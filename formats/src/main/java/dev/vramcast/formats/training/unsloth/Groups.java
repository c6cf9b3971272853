package dev.vramcast.formats.training.unsloth;

/** The groups of completions that Unsloth generates at once. */
public final class Groups {

  /** {@code num_generations} of a GRPOConfig that Unsloth has rewritten. */
  public static final int USUAL = 8;

  private Groups() {}

  /**
   * The micro-batch that is trained on: where groups do not divide what is generated, one group
   * (unsloth/models/rl.py check_num_generations).
   */
  public static int microBatch(int micro, int accumulation, int group) {
    return (long) micro * accumulation % group == 0 ? micro : group;
  }
}
