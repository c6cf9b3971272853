package dev.vramcast.core.run.check;

import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.QuantizationScheme;

/** What must hold between a job and the card it runs on. */
public final class CardChecks {

  private static final String BITSANDBYTES = "bitsandbytes";

  private CardChecks() {}

  /**
   * Refuses what bitsandbytes has no kernels for on such cards.
   *
   * @throws dev.vramcast.core.input.InputException naming the key
   */
  public static void check(ResolvedJob job, Gpu card) {
    Abilities abilities = card.abilities();
    Quantization base = job.quantization();
    boolean quantises =
        base.scheme() != QuantizationScheme.NONE && base.implementation().equals(BITSANDBYTES);
    if (quantises && !abilities.bnbQuantization()) {
      throw refused(JobKey.QUANTIZATION_SCHEME, base.scheme(), card).allowed("none").refusal();
    }
    boolean steps = job.optimizer().implementation() == OptimizerImplementation.BITSANDBYTES;
    if (steps && !abilities.bnbOptimizers()) {
      throw refused(JobKey.OPTIMIZER_NAME, job.optimizer().name(), card)
          .allowed("adamw and other optimizers of PyTorch")
          .refusal();
    }
  }

  private static InputError refused(JobKey key, Object value, Gpu card) {
    return InputError.about(key)
        .isSet(value)
        .and(" of ", BITSANDBYTES, ", which has no kernels for it on ", card.name());
  }
}
