package dev.vramcast.core.trace;

import org.jspecify.annotations.Nullable;

/**
 * What allocates: an operator of PyTorch, a kernel, or a function of a framework.
 *
 * <p>One object stands for every call, so that a block costs a reference.
 */
public final class Operation {

  /** Code that does not say what it runs. */
  public static final Operation NONE = of("");

  private final String name;
  private final String source;
  private final Operation backward;

  private Operation(String name, String source, @Nullable Operation backward) {
    this.name = name;
    this.source = source;
    this.backward = backward == null ? this : backward;
  }

  /** An operator, whose backward pass runs it again unless {@link #backward(String)} says else. */
  public static Operation of(String name) {
    return new Operation(name, "", null);
  }

  /**
   * As {@link #of(String)}, of a function of a framework.
   *
   * @param source file and function, e.g. {@code liger_kernel/ops/swiglu.py LigerSiLUMulFunction}
   */
  public static Operation of(String name, String source) {
    return new Operation(name, source, null);
  }

  /** The same with another operator in the backward pass, of the same source. */
  public Operation backward(String operator) {
    return new Operation(name, source, new Operation(operator, source, null));
  }

  /** As {@link #backward(String)}, of a source of its own. */
  public Operation backward(String operator, String operatorSource) {
    return new Operation(name, source, new Operation(operator, operatorSource, null));
  }

  /** E.g. {@code aten::mm}; empty for {@link #NONE}. */
  public String name() {
    return name;
  }

  /** File and function that allocates; empty for an operator that the module's code calls. */
  public String source() {
    return source;
  }

  /** What allocates in the backward pass. */
  public Operation backward() {
    return backward;
  }

  @Override
  public String toString() {
    return name;
  }
}
