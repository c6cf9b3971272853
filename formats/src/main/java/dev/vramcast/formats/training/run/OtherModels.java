package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;

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
    boolean adapters = job.isOn("lora_enable");
    for (Argument argument : ALL) {
      asked(argument, job.get(argument.key), adapters)
          .ifPresent(given -> job.notModelled(argument.concerns, given, gap(argument, given)));
    }
  }

  /** The first of them among options of a command whose program was read in its place. */
  public static Optional<Gap> in(TrainingFile command) {
    boolean adapters = JobBuilder.in(command, "lora_enable").filter(Setting::bool).isPresent();
    return ALL.stream()
        .flatMap(
            argument ->
                asked(argument, JobBuilder.in(command, argument.key), adapters)
                    .map(
                        given ->
                            gap(argument, given)
                                .concerning(argument.concerns)
                                .at(Optional.of(given.place())))
                    .stream())
        .findFirst();
  }

  /** Adapters leave the language model as it is, whether that is said or not. */
  private static Optional<Setting> asked(
      Argument argument, Optional<Setting> given, boolean adapters) {
    return given
        .filter(setting -> !setting.isIdle())
        .filter(setting -> !adapters || !List.of(BACKBONE, TEXT).contains(argument.key));
  }

  private static Gap gap(Argument argument, Setting given) {
    return Gap.of(given.key(), " ", given.shown(), " of ", argument.whose).needs(argument.needs);
  }
}
