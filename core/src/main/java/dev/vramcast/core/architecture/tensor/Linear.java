package dev.vramcast.core.architecture.tensor;

/**
 * A linear projection (an {@code nn.Linear}, or GPT-2's {@code Conv1D}).
 *
 * @param name path below its layer, e.g. {@code self_attn.q_proj}; the whole path for modules
 *     outside the layers, e.g. {@code lm_head}
 * @param in input features
 * @param out output features
 * @param clipped input and output are kept between bounds that are buffers (transformers
 *     Gemma4ClippableLinear)
 * @param kept a quantised checkpoint has it in 16 bits
 * @param wide its weight is in fp32, whatever the model is loaded in
 * @param copies its input lies feature by feature, so that the product reads a copy
 */
public record Linear(
    String name,
    long in,
    long out,
    boolean bias,
    boolean clipped,
    boolean kept,
    boolean wide,
    boolean copies) {

  /** One without bounds that is quantised with the others. */
  public Linear(String name, long in, long out, boolean bias) {
    this(name, in, out, bias, false, false, false, false);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Linear linear
        && name.equals(linear.name)
        && in == linear.in
        && out == linear.out
        && bias == linear.bias
        && clipped == linear.clipped
        && kept == linear.kept
        && wide == linear.wide
        && copies == linear.copies;
  }

  /** By hand, as {@link #equals}: a program that starts pays for what a record makes by itself. */
  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + Long.hashCode(in)) + Long.hashCode(out);
  }

  /** The same under another path. */
  public Linear named(String path) {
    return new Linear(path, in, out, bias, clipped, kept, wide, copies);
  }

  /** The same between bounds, or without. */
  public Linear clipped(boolean value) {
    return new Linear(name, in, out, bias, value, kept, wide, copies);
  }

  /** The same as a quantised checkpoint keeps it. */
  public Linear inSixteenBits() {
    return new Linear(name, in, out, bias, clipped, true, wide, copies);
  }

  /** The same with its weight in fp32. */
  public Linear inFp32() {
    return new Linear(name, in, out, bias, clipped, kept, true, copies);
  }

  /** The same whose input lies feature by feature. */
  public Linear copying() {
    return new Linear(name, in, out, bias, clipped, kept, wide, true);
  }

  /** Elements of the weight matrix. */
  public long weightCount() {
    return Math.multiplyExact(in, out);
  }

  /** Elements of weight and bias. */
  public long parameterCount() {
    return weightCount() + (bias ? out : 0);
  }

  /** The last part of the path, by which adapters choose their targets. */
  public String lastName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
