package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.Pooling;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * One vector for each sequence (sentence_transformers/sentence_transformer/modules/pooling.py
 * Pooling._forward_padded), behind a pooler of the model's own that nobody reads.
 */
record PooledStates(HeadAndLoss head, Pooling pooling) {

  private static final ModuleScope POOL =
      ModuleScope.outside(
          "pooling", "sentence_transformers/sentence_transformer/modules/pooling.py Pooling");

  /** As {@link HeadAndLoss#forward}; the hidden states are returned too. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    if (!head.layers().projections().isEmpty()) {
      g.withoutGrad(() -> g.release(head.layers().pooled(g, hidden)));
    }
    Tensor pooled = unit.leave(g.site().within(POOL, () -> pooled(g, hidden)));
    boolean named = does(StageHabit.NAMES_STATES);
    List<Tensor> outputs = List.of(hidden.hold());
    List<Tensor> beside = named ? List.of(hidden.hold()) : List.of();
    returned.run();
    Tensor vectors =
        head.settings().widensOutputs()
            ? g.rebind(pooled, Pointwise.cast(g, pooled, DataType.FP32, "embeddings"))
            : pooled;
    return new HeadAndLoss.Output(vectors, outputs, beside, vectors.elements());
  }

  private Tensor pooled(Graph g, Tensor hidden) {
    return switch (pooling) {
      case MEAN -> mean(g, hidden);
      case CLS -> first(g, hidden);
      case LAST -> last(g, hidden);
    };
  }

  private long vectors() {
    return head.settings().batch() * head.architecture().hiddenSize();
  }

  /** {@code (token_embeddings * mask).sum(1)}, in fp32 whatever the states are. */
  private Tensor mean(Graph g, Tensor hidden) {
    Tensor mask =
        g.allocate(Aten.TO_COPY, "mask", Category.OTHER, head.settings().tokens(), hidden.dtype());
    Tensor masked = Pointwise.mul(g, hidden, mask, "masked states");
    Tensor sum = g.rebind(masked, ShapeOps.sum(g, masked, vectors(), DataType.FP32, "embeddings"));
    Tensor mean = g.rebind(sum, Pointwise.scale(g, sum, "embeddings"));
    Tensor narrow = g.rebind(mean, Pointwise.cast(g, mean, hidden.dtype(), "embeddings"));
    g.release(mask);
    return narrow;
  }

  private boolean does(StageHabit habit) {
    return head.settings().framework().stages().does(habit);
  }

  private Tensor first(Graph g, Tensor hidden) {
    return does(StageHabit.GATHERS_FIRST) ? gathered(g, hidden.hold()) : indexed(g, hidden);
  }

  /** The mask is as large as the states, and saved by their product with it. */
  private Tensor last(Graph g, Tensor hidden) {
    if (!does(StageHabit.GATHERS_LAST)) {
      return indexed(g, hidden);
    }
    Tensor mask =
        g.allocate(Aten.TO_COPY, "mask", Category.OTHER, hidden.elements(), hidden.dtype());
    Tensor masked = g.rebind(mask, Pointwise.mul(g, hidden, mask, "masked states"));
    return gathered(g, masked);
  }

  /** Takes over {@code states}. */
  private Tensor gathered(Graph g, Tensor states) {
    Tensor places = places(g);
    return g.rebind(states, places, Routing.picked(g, states, places, vectors(), "embeddings"));
  }

  private Tensor indexed(Graph g, Tensor states) {
    Tensor places = places(g);
    return g.rebind(places, Routing.gather(g, states, places, vectors(), "embeddings"));
  }

  private Tensor places(Graph g) {
    return g.allocate(
        Aten.EMPTY, "places", Category.OTHER, head.settings().batch(), DataType.INT64);
  }
}
