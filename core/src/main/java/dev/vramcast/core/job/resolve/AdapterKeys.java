package dev.vramcast.core.job.resolve;

import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.document.JobKey;

/** Which keys below {@code lora} say anything of a form of adapters. */
final class AdapterKeys {

  private AdapterKeys() {}

  static boolean play(AdapterForm form, JobKey key) {
    return switch (key) {
      case LORA_RANK, LORA_ALPHA, LORA_DROPOUT, TARGET_PARAMETERS -> form.hasRank();
      case BLOCK_SIZE -> form == AdapterForm.ROTATION;
      default -> true;
    };
  }
}
