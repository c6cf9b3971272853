package dev.vramcast.core.module.stream;

import dev.vramcast.core.architecture.tensor.HyperConnection;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.part.FinalStage;
import dev.vramcast.core.module.part.ModuleFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Streams that begin as copies of one and end as one (transformers DeepseekV4Model.forward). */
public final class HyperStreams {

  private HyperStreams() {}

  /** {@code unsqueeze(2).expand(...).contiguous()}. */
  public static StreamStart before(HyperConnection connection) {
    return (g, first) -> {
      Tensor view = ShapeOps.expand(g, first, first.elements() * connection.streams());
      return g.rebind(view, Pointwise.copy(g, view, "streams of hidden states"));
    };
  }

  /** The weights of all streams, then the norm of their sum. */
  public static FinalStage after(
      ModuleFactory modules, HyperConnection connection, @Nullable FinalStage norm) {
    HyperConnectionPart part = HyperConnectionPart.load(modules, connection);
    FinalStage last = Objects.requireNonNull(norm);
    return (Graph g, Tensor all) -> {
      Tensor one = part.last(g, all);
      return g.rebind(one, last.forward(g, one));
    };
  }
}
