package dev.vramcast.core.time.rate;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode.FakeQuantiser;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.time.work.AdapterTargets;
import java.util.List;

/**
 * What fake quantisation moves in a GPU's memory: each of its element-wise operations reads and
 * writes whole tensors, in the dtypes that {@link dev.vramcast.core.autograd.weight.FakeQuantising
 * FakeQuantising} has them.
 */
public final class FakeQuantisationTraffic {

  /**
   * Bytes an element in bf16.
   *
   * @param forward ranges, then scaled, rounded, shifted, clipped, cast, centred, scaled, cast
   * @param backward of what has a gradient
   */
  private record Bytes(double forward, double backward) {

    double of(double again, boolean trained) {
      return forward * (1 + again) + (trained ? backward : 0);
    }
  }

  /** 30 bytes are read and 26 written forward; backward 33 and 27. */
  private static final Bytes TRACED = new Bytes(56, 60);

  /** 46 and 35 bytes with the masks; backward a product with the mask. */
  private static final Bytes MASKED = new Bytes(81, 5);

  private FakeQuantisationTraffic() {}

  /**
   * Bytes of a micro-step on one data-parallel rank.
   *
   * @param tokens of it
   * @param again share of the forward pass that is run again
   */
  public static double bytes(ResolvedJob job, AdapterTargets model, double tokens, double again) {
    if (!job.fakeQuantises()) {
      return 0;
    }
    boolean full = job.adapter().isEmpty();
    FakeQuantiser how = job.frameworkCode().fakeQuantiser(!full);
    Bytes each = how == FakeQuantiser.TRACED ? TRACED : MASKED;
    AdapterTargets.Projections rounded =
        job.adapter()
            .map(adapter -> model.chosen(adapter.allLinear(), adapter.targets()))
            .orElseGet(() -> model.chosen(true, List.of()));
    double head = full ? chunks(job) * model.ownHead() * each.of(0, true) : 0;
    return rounded.weights() * each.of(again, full)
        + rounded.in() * tokens * each.of(again, true)
        + head;
  }

  /** How often the head runs over a part of the tokens, each time with its weight rounded anew. */
  private static int chunks(ResolvedJob job) {
    LossChunks chunks = job.frameworkCode().get(LossCode.CHUNKS);
    if (job.loss() != LossKernel.CHUNKED) {
      return 1;
    }
    return chunks instanceof LossChunks.OfTokens tokens
        ? tokens.count()
        : chunks instanceof LossChunks.OfOutputs outputs ? outputs.count() : 1;
  }
}
