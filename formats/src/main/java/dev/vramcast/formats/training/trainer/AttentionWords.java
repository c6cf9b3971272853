package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;

/** Transformers' names of attention implementations. */
public final class AttentionWords {

  private AttentionWords() {}

  /** Takes an attention implementation by its name; {@code auto} leaves it to the framework. */
  public static void read(JobBuilder builder, Setting setting) {
    String name = setting.word();
    switch (name) {
      case "eager", "unfused" -> builder.put(JobKey.ATTENTION, AttentionKernel.EAGER, setting);
      case "sdpa" -> builder.put(JobKey.ATTENTION, AttentionKernel.SDPA, setting);
      case "flex_attention", "flex" -> builder.put(JobKey.ATTENTION, AttentionKernel.FLEX, setting);
      case "auto" -> {}
      case "xformers", "sage", "fp8" -> {
        builder.put(JobKey.ATTENTION, AttentionKernel.FLASH, setting);
        builder.say(
            FindingCode.NOT_COUNTED,
            setting,
            setting.key() + " is " + name + ": counted as flash, which keeps as much");
      }
      default -> {
        // flash_attention_2, flash_attn, fa3, kernels-community/flash-attn and the like.
        if (!name.contains("flash") && !name.matches("fa\\d")) {
          throw setting.unusable(
              "eager, sdpa, flash_attention_2, flash_attention_3, flex_attention");
        }
        builder.put(JobKey.ATTENTION, AttentionKernel.FLASH, setting);
      }
    }
  }
}
