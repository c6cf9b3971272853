package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** sentence-transformers' SentenceTransformerTrainer, over that of Transformers. */
public final class SentenceTransformers {

  private static final String LOSSES =
      "sentence_transformers/base/losses/merged_forward.py embed_columns, since 6.0";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("sentence-transformers")
          .is(
              FrameworkCode.SUPERVISED,
              EnumSet.of(Stage.CLASSIFICATION),
              "sentence_transformers/cross_encoder/trainer.py")
          .is(
              JobKey.ZERO_INIT,
              false,
              "docs/sentence_transformer/training_overview.md: a model comes before arguments")
          .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
          .is(LoopCode.TRAINS_PAIRS, false, "sentence_transformers/data_collator.py")
          .does(
              JobKey.LORA_DTYPE,
              "peft, src/peft/tuners/tuners_utils.py _move_adapter_to_device_of_base_layer",
              PartialJob::modelDtype)
          .is(
              JobKey.LORA_KBIT_PREPARE,
              false,
              "sentence_transformers/base/peft_mixin.py add_adapter")
          .does(FrameworkCode.STAGES, LOSSES, SentenceTransformers::stages)
          .done();

  private SentenceTransformers() {}

  private static StageCode stages(Framework libraries) {
    Set<StageHabit> habits = EnumSet.of(StageHabit.NAMES_STATES, StageHabit.GATHERS_LAST);
    if (libraries.atLeast(6, 0)) {
      habits.add(StageHabit.MERGES_CANDIDATES);
      habits.add(StageHabit.GATHERS_FIRST);
    }
    return new StageCode(
        Map.of(Stage.EMBEDDING, StageHead.POOLED), LossChunks.Tiles.NONE, Set.of(), habits);
  }
}
