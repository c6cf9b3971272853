package dev.vramcast.core.rule;

import static dev.vramcast.core.units.Multiples.GIGA;

/**
 * The size classes of the guide with what it takes as given for each: adapters of rank 64 and a
 * flat sum for activations.
 *
 * <p>The guide prints adapters and optimizer in separate columns that no single number of bytes a
 * parameter connects, so the bytes of the adapters and the parameters that they train are two
 * inputs. The parameters are the optimizer's column divided by Adam's 8 bytes.
 */
public enum SizeClass {
  B7("7B/8B", ModelSize.dense(7_000_000_000L), 4.0, adapter(0.2, 0.6, 4), adapter(0.2, 0.6, 4)),
  B14("14B", ModelSize.dense(14_000_000_000L), 6.0, adapter(0.4, 0.8, 5), adapter(0.4, 0.8, 5)),
  B32("32B", ModelSize.dense(32_000_000_000L), 10.0, adapter(1, 2, 8), adapter(1, 2, 8)),
  B70(
      "70B/72B",
      ModelSize.dense(70_000_000_000L),
      20.0,
      adapter(1.5, 5.6, 10),
      adapter(1.5, 5.6, 8)),
  MOE_30(
      "MoE 30B-A3B",
      new ModelSize(30_000_000_000L, 3_000_000_000L),
      15.0,
      adapter(0.2, 0.4, 8),
      adapter(0.1, 0.5, 5));

  /** The rank that the guide's adapters have. */
  public static final int RANK = 64;

  private final String label;
  private final ModelSize size;
  private final long fullActivationBytes;
  private final Adapter lora;
  private final Adapter qlora;

  SizeClass(String label, ModelSize size, double fullActivations, Adapter lora, Adapter qlora) {
    this.label = label;
    this.size = size;
    this.fullActivationBytes = bytes(fullActivations);
    this.lora = lora;
    this.qlora = qlora;
  }

  /**
   * What the guide gives for one class and method with adapters.
   *
   * @param bytes of the adapters at rank 64
   * @param parameters that they train
   * @param activationBytes flat
   */
  record Adapter(long bytes, long parameters, long activationBytes) {}

  /** The name in the guide. */
  public String label() {
    return label;
  }

  public ModelSize size() {
    return size;
  }

  /** The class of a model: nearest in parameters by ratio, among those with or without experts. */
  public static SizeClass nearest(ModelSize size) {
    if (size.isSparse()) {
      return MOE_30;
    }
    SizeClass nearest = B7;
    for (SizeClass candidate : values()) {
      if (!candidate.size.isSparse() && candidate.distance(size) < nearest.distance(size)) {
        nearest = candidate;
      }
    }
    return nearest;
  }

  Adapter adapter(RuleMethod method) {
    return switch (method) {
      case FULL -> new Adapter(0, size.active(), fullActivationBytes);
      case LORA -> lora;
      case QLORA -> qlora;
    };
  }

  private double distance(ModelSize other) {
    return Math.abs(Math.log((double) other.parameters() / size.parameters()));
  }

  private static Adapter adapter(double gigabytes, double optimizer, double activations) {
    return new Adapter(
        bytes(gigabytes), bytes(optimizer) / RuleOfThumb.ADAM_BYTES, bytes(activations));
  }

  private static long bytes(double gigabytes) {
    return Math.round(gigabytes * GIGA);
  }
}
