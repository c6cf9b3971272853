package dev.vramcast.core.module.engine;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.module.engine.EngineCopies.Matrix;
import dev.vramcast.core.module.engine.EngineCopies.Usage;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * What TransformerEngine's modules keep from step to step beside their weights where micro-batches
 * tell which is the first, as Megatron-Core does: narrow copies that are made once a step and
 * written over in the next (transformer_engine/pytorch/module/base.py quantize_weight).
 */
public final class EngineWeights {

  /** What is scaled in the forward pass: input, weight and result; in the backward pass two. */
  private static final int[] SCALED = {3, 2};

  private static final Operation DUMMY =
      Operation.of("get_dummy_wgrad", "transformer_engine/pytorch/module/base.py get_dummy_wgrad");

  /** {@code fp8_amax_history_len} (megatron/core/transformer/transformer_config.py). */
  private static final int HISTORY = 1;

  private EngineWeights() {}

  /**
   * The copies of a matrix and its scales.
   *
   * @param in its columns
   */
  public static void keep(Graph g, NarrowLinears how, long elements, long in) {
    keepScales(g, how, HISTORY);
    EngineCopies.of(g, how, Matrix.weight(elements, in), Usage.BOTH, "narrow weights");
  }

  /**
   * TransformerEngine returns an empty tensor as the gradient of a matrix that is summed elsewhere,
   * one for every shape.
   */
  public static void placeholder(Graph g, long rows, long columns, DataType dtype) {
    long elements = Math.multiplyExact(rows, columns);
    g.allocate(DUMMY, "placeholders of gradients", Category.GRADIENTS, elements, dtype);
  }

  /**
   * Scales that follow from the largest values of the last steps; no rank divides them.
   *
   * @param steps whose largest values are kept
   */
  static void keepScales(Graph g, NarrowLinears how, int steps) {
    if (!how.remember()) {
      return;
    }
    for (int scaled : SCALED) {
      g.allocate("scales of fp8", Category.WEIGHTS, scaled, DataType.FP32);
      g.allocate("scales of fp8", Category.WEIGHTS, (long) steps * scaled, DataType.FP32);
    }
  }
}
