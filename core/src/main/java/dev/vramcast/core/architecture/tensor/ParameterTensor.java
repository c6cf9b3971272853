package dev.vramcast.core.architecture.tensor;

import java.util.List;

/**
 * One parameter tensor of a model.
 *
 * @param name the name Transformers gives it, e.g. {@code model.layers.0.self_attn.q_proj.weight}
 * @param shape its dimensions in elements
 */
public record ParameterTensor(String name, List<Long> shape, TensorGroup group) {

  public ParameterTensor {
    shape = List.copyOf(shape);
  }

  /** The path of the module that has it as its weight. */
  public String module() {
    return name.replaceFirst("\\.weight$", "");
  }

  /** The linear without a bias whose weight this is, a row for each output. */
  public Linear linear() {
    return new Linear(module(), shape.get(1), shape.get(0), false);
  }

  /** Number of elements. */
  public long count() {
    long count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, dimension);
    }
    return count;
  }
}
