package dev.vramcast.core.time.rate;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.time.work.AdapterTargets;

/**
 * What low-rank adapters move in a GPU's memory: their products are so thin that they wait for it,
 * and what is around them reads and writes whole outputs of projections (PEFT's lora/layer.py
 * Linear.forward and torchtune's modules/peft/lora.py have the same operations).
 */
public final class AdapterTraffic {

  /**
   * Reads and writes of a tensor as large as a projection's input or output.
   *
   * @param in forward, of the input: the first factor reads it
   * @param out forward, of the output: the second factor writes it, is scaled, and is added
   * @param inBack backward, of the input: both gradients of the first factor, and the sum of those
   *     of the input
   * @param outBack backward, of the output: the scaling, and both gradients of the second factor
   */
  private record Touches(double in, double out, double inBack, double outBack) {

    double of(AdapterTargets.Projections adapted, double again, double dropout) {
      double forward = (in + dropout) * adapted.in() + out * adapted.out();
      double backward = (inBack + dropout) * adapted.in() + outBack * adapted.out();
      return forward * (1 + again) + backward;
    }
  }

  /** One kernel an operation; so have adapters on Megatron's layers (megatron/bridge/peft). */
  private static final Touches APART = new Touches(1, 6, 5, 4);

  /** {@code torch.compile} scales and adds in one kernel. */
  private static final Touches COMPILED = new Touches(1, 4, 5, 4);

  /** {@code addmm_} into the output and its gradient (unsloth/kernels/fast_lora.py). */
  private static final Touches IN_PLACE = new Touches(1, 2, 4, 3);

  /** Of the input, what dropout reads and writes in a pass. */
  private static final double DROPOUT = 2;

  private AdapterTraffic() {}

  /**
   * Bytes of a micro-step on one data-parallel rank.
   *
   * @param tokens of it
   * @param again share of the forward pass that is run again
   * @param visited share of routed experts that a token goes through, 1 of a dense model
   */
  public static double bytes(
      ResolvedJob job, AdapterTargets model, double tokens, double again, double visited) {
    return job.adapter()
        .filter(adapter -> adapter.form().isLora())
        .map(
            adapter ->
                Coefficients.WEIGHT_BYTES
                    * tokens
                    * touches(job).of(chosen(adapter, model, visited), again, dropout(adapter)))
        .orElse(0.0);
  }

  private static AdapterTargets.Projections chosen(
      AdapterSettings adapter, AdapterTargets model, double visited) {
    return model.visited(visited).chosen(adapter.allLinear(), adapter.targets());
  }

  private static double dropout(AdapterSettings adapter) {
    return adapter.dropout() > 0 ? DROPOUT : 0;
  }

  private static Touches touches(ResolvedJob job) {
    return switch (Stack.of(job)) {
      case COMPILED -> COMPILED;
      case FUSED -> IN_PLACE;
      case TUNED -> job.parallelism().strategy() == Strategy.MEGATRON ? APART : IN_PLACE;
      case NATIVE, EAGER -> APART;
    };
  }
}
