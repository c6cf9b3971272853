package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * Experts that the host keeps and runs, with their adapters (ktransformers
 * kt-kernel/python/sft/autograd.py KTMoEFunction): tokens go there in bf16 and outputs come back,
 * and so do their gradients. What the backward pass needs stays on the host.
 */
record HostExperts(MixtureOfExperts mixture, StepSettings settings) implements Experts {

  private static final String SOURCE = "kt_kernel/sft/autograd.py KTMoEFunction";

  private static final Operation FUNCTION =
      Operation.of("KTMoEFunction", SOURCE + ".forward")
          .backward("KTMoEFunction backward", SOURCE + ".backward");

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    try (Scope scope = Scope.of(g)) {
      Tensor weights = scope.own(Pointwise.cast(g, choice.weights(), DataType.BF16));
      Node node = g.node(FUNCTION, this::backward, x, weights);
      Tensor sent = scope.own(Pointwise.detachedCast(g, x, DataType.BF16, "expert inputs"));
      if (x.dtype() == DataType.BF16) {
        return g.output("expert sums", Category.ACTIVATIONS, elements(), x.dtype(), node);
      }
      scope.own(g.allocate("expert sums", Category.ACTIVATIONS, sent.elements(), DataType.BF16));
      return g.output("expert sums", Category.ACTIVATIONS, elements(), x.dtype(), node);
    }
  }

  private long elements() {
    return settings.tokens() * mixture.hiddenSize();
  }

  /** Gradients of tokens come back in bf16, those of routing weights in fp32. */
  private void backward(Graph g, Node n) {
    Tensor input = g.allocate("gradients", Category.TEMPORARIES, elements(), DataType.BF16);
    Tensor weights =
        g.allocate(
            "gradients", Category.TEMPORARIES, settings.tokens() * mixture.topK(), DataType.FP32);
    boolean same = n.inputs[0].dtype() == DataType.BF16;
    n.outgoing[0] =
        !n.wants(0) ? null : same ? input.hold() : Pointwise.gradientLike(g, n.inputs[0]);
    n.outgoing[1] = n.wants(1) ? Pointwise.gradientLike(g, n.inputs[1]) : null;
    g.release(input, weights);
  }
}
