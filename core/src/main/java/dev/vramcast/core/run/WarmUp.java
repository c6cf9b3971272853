package dev.vramcast.core.run;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.trace.replay.program.Loading;
import java.util.function.LongSupplier;

/**
 * What Transformers takes in one piece and gives back before it loads weights onto a GPU, so that
 * they come from the allocator's cache (transformers/modeling_utils.py {@code
 * caching_allocator_warmup}). A model that is not quantised takes what its weights need, so that
 * nothing is left; 4.50 to 4.57 take half of the 16-bit size of one that is quantised as it is
 * loaded, and the rest of the piece stays reserved; 5 counts in its dtype. Those releases read
 * files onto the GPU and cast there, and weights that k-bit preparation then makes fp32
 * (peft/utils/other.py {@code prepare_model_for_kbit_training}) leave the pieces in which they were
 * loaded, until PEFT 0.20, which empties the cache then ({@code auto_clear_cache}).
 */
final class WarmUp {

  /** What is left of the card, 1.2 GiB. */
  private static final long LEFT = (long) (1.2 * GIB);

  private WarmUp() {}

  /**
   * How a job's weights come onto a card.
   *
   * @param room what the card leaves to PyTorch's allocator, where it is asked for
   */
  static Loading of(Architecture architecture, ResolvedJob job, LongSupplier room) {
    if (!quantisedOnGpu(job)) {
      return Loading.PLAIN;
    }
    boolean widens =
        job.adapter().filter(AdapterSettings::kbitPrepare).isPresent()
            && !job.framework().peft().atLeast(0, 20);
    if (!job.frameworkCode().is(SpreadCode.WARMS_UP_HALF)) {
      return new Loading(0, false, widens);
    }
    long whole = Tensors.count(architecture) * job.weightDtype().bytes();
    boolean casts = job.weightDtype() != job.checkpointDtype();
    return new Loading(Math.min(whole, Math.max(0, room.getAsLong() - LEFT)) / 2, casts, widens);
  }

  /** Under FSDP and ZeRO-3 the model is loaded in the memory of the host. */
  private static boolean quantisedOnGpu(ResolvedJob job) {
    Strategy strategy = job.parallelism().strategy();
    boolean whole = strategy == Strategy.NONE || strategy == Strategy.DDP;
    return whole
        && switch (job.quantization().scheme()) {
          case NF4, FP4, INT8 -> true;
          case NONE, GPTQ_INT4, GPTQ_INT8, AWQ_INT4, FP8, MXFP4, NVFP4, AQLM_2BIT -> false;
        };
  }
}
