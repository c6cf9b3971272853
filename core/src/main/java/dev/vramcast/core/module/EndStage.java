package dev.vramcast.core.module;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.FinalStage;
import org.jspecify.annotations.Nullable;

/**
 * The last norm with the dropout that follows it in some models (transformers T5Stack.forward).
 *
 * @param norm null where there is none
 * @param rate of dropout
 */
record EndStage(StepSettings settings, @Nullable FinalStage norm, double rate)
    implements FinalStage {

  /** One whose norm runs before. */
  EndStage(StepSettings settings, double rate) {
    this(settings, null, rate);
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    return apply(g, norm == null ? x.hold() : norm.forward(g, x));
  }

  /** What follows the norm; takes over its result. */
  Tensor apply(Graph g, Tensor normalised) {
    return settings.code().end().drops()
        ? g.rebind(normalised, Pointwise.dropout(g, normalised, rate, "last hidden states"))
        : normalised;
  }
}
