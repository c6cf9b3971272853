package dev.vramcast.core.rule;

/**
 * The rule of thumb's answer in bytes: 16-bit weights 2 bytes a parameter, NF4 half a byte,
 * gradients 2 and Adam 8 bytes a trained parameter, activations flat by size class. Gradients and
 * Adam count the active parameters of a model with experts. It is wrong about everything that
 * depends on batch, sequence, vocabulary, checkpointing or the framework.
 *
 * @param sizeClass whose adapters and activations were taken
 */
public record RuleOfThumb(
    SizeClass sizeClass,
    long weightBytes,
    long adapterBytes,
    long gradientBytes,
    long optimizerBytes,
    long activationBytes) {

  static final long ADAM_BYTES = 8;
  private static final long GRADIENT_BYTES = 2;
  private static final long HALF_PRECISION_BYTES = 2;
  private static final long NF4_PARAMETERS_PER_BYTE = 2;

  /** The rule for a model of any size. Adapters of its class are scaled to its size. */
  public static RuleOfThumb of(ModelSize size, RuleMethod method) {
    SizeClass sizeClass = SizeClass.nearest(size);
    SizeClass.Adapter adapter = sizeClass.adapter(method);
    double scale = (double) size.parameters() / sizeClass.size().parameters();
    long trained =
        method == RuleMethod.FULL ? size.active() : Math.round(adapter.parameters() * scale);
    return new RuleOfThumb(
        sizeClass,
        weights(size, method),
        Math.round(adapter.bytes() * scale),
        Math.multiplyExact(GRADIENT_BYTES, trained),
        Math.multiplyExact(ADAM_BYTES, trained),
        adapter.activationBytes());
  }

  public long totalBytes() {
    return weightBytes + adapterBytes + gradientBytes + optimizerBytes + activationBytes;
  }

  private static long weights(ModelSize size, RuleMethod method) {
    return switch (method) {
      case FULL, LORA -> Math.multiplyExact(HALF_PRECISION_BYTES, size.parameters());
      case QLORA -> size.parameters() / NF4_PARAMETERS_PER_BYTE;
    };
  }
}
