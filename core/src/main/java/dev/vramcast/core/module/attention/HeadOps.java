package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;

/**
 * What attention that is written out does with heads, in whichever way.
 *
 * @param keys tokens of a sequence that each of its queries may see
 */
record HeadOps(HeadShape shape, StepSettings settings, long keys) {

  /** transformers {@code repeat_kv}: a single head that is expanded stays a view when reshaped. */
  Tensor repeated(Graph g, Tensor x, int groups, boolean copies, String name) {
    return shape.kvHeads() == 1 && groups > 1 && !copies
        ? ShapeOps.expand(g, x.hold(), x.elements() * groups)
        : AttentionOps.repeatHeads(g, x, groups, name);
  }

  /** Weights after dropout; the argument stays the caller's. */
  Tensor dropped(Graph g, Tensor weights) {
    boolean called = !settings.code().hasDropoutModule();
    return Pointwise.dropout(g, weights, shape.dropout(), called, "attention weights");
  }

  /** Products of queries and keys. */
  long scores() {
    return settings.batch() * shape.heads() * settings.sequence() * keys;
  }

  /** Elements of what attention gives. */
  long outputElements() {
    return settings.tokens() * shape.heads() * shape.valueSize();
  }

  /** Keys and values come to SDPA with one head, which is not said to be shared. */
  boolean broadcasts() {
    return settings.code().headSharing() == HeadSharing.BROADCAST;
  }
}
