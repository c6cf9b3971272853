package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import java.util.List;

/** Arguments by which programs on the Trainer make another model or another loss than its own. */
public final class OtherModels {

  private static final String ONE_PART = "which of the model's parts is trained";
  private static final String PUT_BEFORE =
      "the tower and projector that the program puts before it";

  /**
   * An argument.
   *
   * @param whose program has it
   * @param needs what would have to be known
   */
  private record Argument(String key, JobKey concerns, String whose, String needs) {}

  private static final String BACKBONE = "freeze_backbone";
  private static final String TEXT = "freeze_llm";

  private static final List<Argument> ALL =
      List.of(
          // FlagEmbedding abc/finetune/embedder/AbsArguments.py
          new Argument(
              "train_group_size",
              JobKey.STAGE,
              "FlagEmbedding",
              "a loss over the passages of each query"),
          // xtuner/model: DPO, RewardModel, LLaVAModel, InternVL_V1_5
          new Argument("xtuner_model", JobKey.STAGE, "xtuner", "what it trains"),
          new Argument(
              "xtuner_sequence_parallel_size",
              JobKey.CONTEXT,
              "xtuner",
              "what its attention sends between GPUs"),
          // LLaVA llava/train/train.py ModelArguments
          new Argument("tune_mm_mlp_adapter", JobKey.METHOD, "LLaVA", ONE_PART),
          new Argument("tune_mlp_adapter", JobKey.METHOD, "LLaVA", ONE_PART),
          new Argument(BACKBONE, JobKey.METHOD, "LLaVA", ONE_PART),
          new Argument("vision_tower", JobKey.MODEL_CONFIG, "LLaVA", PUT_BEFORE),
          new Argument("mm_projector_type", JobKey.MODEL_CONFIG, "LLaVA", PUT_BEFORE),
          // InternVL internvl/train/internvl_chat_finetune.py ModelArguments
          new Argument("use_llm_lora", JobKey.METHOD, "InternVL", ONE_PART),
          new Argument("use_backbone_lora", JobKey.METHOD, "InternVL", ONE_PART),
          new Argument(TEXT, JobKey.METHOD, "InternVL", ONE_PART));

  private OtherModels() {}

  /** Says that the first of them that is there is not modelled. */
  public static void read(JobBuilder job) {
    // Adapters leave the language model as it is, whether that is said or not.
    boolean adapters = job.isOn("lora_enable");
    for (Argument argument : ALL) {
      job.get(argument.key)
          .filter(given -> !given.isIdle())
          .filter(given -> !adapters || !List.of(BACKBONE, TEXT).contains(argument.key))
          .ifPresent(
              given ->
                  job.notModelled(
                      argument.concerns,
                      given,
                      Gap.of(given.key(), " ", given.shown(), " of ", argument.whose)
                          .needs(argument.needs)));
    }
  }
}
