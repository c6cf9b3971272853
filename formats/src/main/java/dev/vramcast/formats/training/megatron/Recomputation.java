package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** What Megatron recomputes, by the flags of its training arguments. */
public final class Recomputation {

  private Recomputation() {}

  /** As {@link #read(JobBuilder, String, String, String)}, of flags. */
  public static void read(JobBuilder job, String granularity, String whose) {
    read(job, "", granularity, whose);
  }

  /**
   * Reads which layers are recomputed (megatron/core/transformer/transformer_block.py
   * _checkpointed_forward). Gives the job no figure where other modules than core attention are.
   *
   * @param section in which the settings stand, with a dot behind it
   * @param granularity in one word
   * @param whose as it is said to a reader, e.g. {@code Megatron-LM's}
   */
  public static void read(JobBuilder job, String section, String granularity, String whose) {
    Optional<Setting> count = job.get(section + "recompute_num_layers");
    boolean block =
        job.get(section + "recompute_method").filter(way -> way.word().equals("block")).isPresent();
    boolean others =
        job.get(section + "recompute_modules")
            .filter(modules -> !modules.words().equals(List.of("core_attn")))
            .isPresent();
    if (granularity.equals("selective") && others) {
      job.notModelled(
          JobKey.CHECKPOINTING,
          Gap.of(whose, " recomputation of some modules")
              .modelled("recompute_granularity full, selective of core_attn"));
    }
    if (granularity.equals("full") && block && count.isEmpty()) {
      job.notModelled(
          JobKey.CHECKPOINTING_LAYERS,
          Gap.of(whose, " recompute_method block").needs("recompute_num_layers"));
    }
    if (granularity.equals("full")) {
      count.ifPresent(
          many -> job.put(block ? JobKey.CHECKPOINTING_LAYERS : JobKey.CHECKPOINTING_GROUP, many));
    }
  }
}
