package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import java.util.List;

/** What Megatron recomputes, by the flags of its training arguments. */
public final class Recomputation {

  private Recomputation() {}

  /** As {@link #checkParts(JobBuilder, String, String, String)}, of flags. */
  public static void checkParts(JobBuilder job, String granularity, String whose) {
    checkParts(job, "", granularity, whose);
  }

  /**
   * Gives the job no figure where only some layers, or other modules than core attention, are
   * recomputed.
   *
   * @param section in which the settings stand, with a dot behind it
   * @param granularity in one word
   * @param whose as it is said to a reader, e.g. {@code Megatron-LM's}
   */
  public static void checkParts(JobBuilder job, String section, String granularity, String whose) {
    boolean some =
        job.get(section + "recompute_method").filter(way -> way.word().equals("block")).isPresent()
            || job.get(section + "recompute_num_layers")
                .filter(count -> count.whole() > 1)
                .isPresent();
    boolean others =
        job.get(section + "recompute_modules")
            .filter(modules -> !modules.words().equals(List.of("core_attn")))
            .isPresent();
    if (granularity.equals("full") && some || granularity.equals("selective") && others) {
      job.notModelled(
          JobKey.CHECKPOINTING,
          Gap.of(whose, " recomputation of some layers or modules")
              .modelled("recompute_granularity full of each layer, selective of core_attn"));
    }
  }
}
