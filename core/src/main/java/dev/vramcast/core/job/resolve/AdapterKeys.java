package dev.vramcast.core.job.resolve;

import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.document.JobKey;

/** Which keys below {@code lora} say anything of a form of adapters. */
final class AdapterKeys {

  private AdapterKeys() {}

  static boolean play(AdapterForm form, JobKey key) {
    return switch (key) {
      case LORA_RANK -> form.hasRank();
      case LORA_ALPHA -> form.isLora() || form.makesWeights();
      case LORA_DROPOUT -> form.drops();
      case TARGET_PARAMETERS -> form.isLora();
      case BLOCK_SIZE -> form == AdapterForm.ROTATION;
      case FEEDFORWARD -> form == AdapterForm.SCALING;
      default -> true;
    };
  }
}
