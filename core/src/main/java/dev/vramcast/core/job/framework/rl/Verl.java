package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** verl 0.9: actor, reference and engine on the same GPUs, one after the other. */
public final class Verl {

  private static final String ENGINE = "verl/trainer/config/engine/fsdp.yaml";
  private static final String CORE = "verl/trainer/config/engine/megatron.yaml";
  private static final String MODEL = "verl/trainer/config/model/hf_model.yaml";
  private static final String ROLLOUT = "verl/trainer/config/rollout/rollout.yaml";
  private static final String WORKER = "verl/workers/engine/fsdp/transformer_impl.py";

  private static final String ULYSSES = "verl/utils/ulysses.py all_to_all_tensor";

  private static final String SAVES = "verl/utils/checkpoint/fsdp_checkpoint_manager.py";

  /**
   * Logits of unpadded tokens are divided in place, and flash-attn's cross-entropy makes their
   * gradient in their place ({@code logprobs_from_logits}, {@code inplace_backward}); old
   * log-probabilities are computed for every batch, and batches count prompts. The critic is a
   * worker of its own.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.GRPO, StageHead.IN_PLACE,
              Stage.RLOO, StageHead.IN_PLACE,
              Stage.PPO, StageHead.IN_PLACE),
          LossChunks.Tiles.NONE,
          Set.of(),
          EnumSet.of(
              StageHabit.DROPS_LOGITS,
              StageHabit.SCALES_IN_PLACE,
              StageHabit.SCORES_ALWAYS,
              StageHabit.COUNTS_PROMPTS,
              StageHabit.ON_MEGATRON,
              StageHabit.VALUES_APART));

  public static final FrameworkRules RULES =
      hybrid("verl", ENGINE, MODEL, WORKER, 16)
          .does(
              FrameworkCode.STAGES,
              "verl/utils/torch_functional.py; of the reference, whose engine is forward_only, "
                  + WORKER
                  + " _build_fsdp_module",
              Verl::stages)
          .is(LoopCode.HEADS_OF_CLASSES, false, "verl/utils/model.py load_valuehead_model")
          .is(LoopCode.FETCHES_STEP, false, "verl/workers/actor/dp_actor.py update_policy")
          .is(JobKey.ENGINE_FRACTION, 0.5, ROLLOUT)
          .is(JobKey.ENGINE_TENSOR, 2, ROLLOUT)
          .does(JobKey.MODEL_DTYPE, CORE + " dtype", d -> isCore(d) ? DataType.BF16 : DataType.FP32)
          .does(
              JobKey.CHECKPOINTING,
              CORE + " recompute_granularity, and " + MODEL,
              d -> isCore(d) ? Checkpointing.NONE : Checkpointing.FULL)
          .doesWhen(JobKey.SEQUENCE_PARALLEL, Verl::isCore, CORE, d -> d.whole(JobKey.TENSOR) > 1)
          .doesWhen(
              JobKey.STEPS_PER_GENERATION,
              Completed::generates,
              "verl/trainer/config/data/legacy_data.yaml train_batch_size",
              d -> Completed.rounds(d, 1024))
          .is(SaveCode.INTERVAL, new SaveCode.Never(), "verl/trainer/config save_freq")
          .done();

  private Verl() {}

  /** Since 0.2 of February 2025 (its commit fefca41, in verl/workers/fsdp_workers.py). */
  private static StageCode stages(Framework libraries) {
    boolean recent =
        libraries
            .version()
            .map(version -> version.atLeast(0, 2))
            .orElseGet(() -> libraries.transformers().atLeast(4, 49));
    return recent ? STAGES.with(StageHabit.REFERENCE_ON_HOST) : STAGES;
  }

  private static boolean isCore(PartialJob d) {
    return d.strategy() == Strategy.MEGATRON;
  }

  /**
   * What all its trainers over FSDP do.
   *
   * @param model where the model's settings stand
   * @param engine where those of sharding stand
   * @param worker the code that trains
   * @param saves the code that saves
   */
  static FrameworkRules.Table sharded(
      String name, String engine, String model, String worker, String saves, double alpha) {
    return Transformers.RULES
        .derive(name)
        .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "verl/trainer")
        .is(LoopCode.PREPARED_BY_ACCELERATE, false, worker)
        .is(LoopCode.TRAINS_PAIRS, false, "verl/utils/dataset/sft_dataset.py")
        .trainsInFull(model)
        .leftOut(JobKey.MODEL_DTYPE, JobKey.PRECISION, JobKey.STRATEGY)
        .is(SpreadCode.WIDENS_SHARDS, false, model)
        .is(LossCode.FUSED, LossKernel.FULL, worker)
        .is(LoopCode.AUTOCASTS_UNDER_FSDP2, true, worker)
        .is(
            LayerCode.TILED_MLP,
            LayerCode.TiledMlp.NONE,
            "verl/models/transformers/tiled_mlp.py, whose hooks are not described")
        .is(JobKey.LORA_ALPHA, alpha, model)
        .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), model)
        .is(JobKey.MODEL_DTYPE, DataType.FP32, engine)
        .is(JobKey.PRECISION, Precision.BF16_MIXED, worker + " MixedPrecision")
        .is(JobKey.REDUCE_DTYPE, DataType.FP32, worker + " MixedPrecision")
        .is(JobKey.CHECKPOINTING, Checkpointing.FULL, model)
        .is(JobKey.CHECKPOINTING_REENTRANT, false, worker)
        .is(JobKey.ATTENTION, AttentionKernel.FLASH, worker)
        .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, worker)
        .is(SaveCode.WRITER, SaveCode.Writer.DCP, saves)
        .is(
            SaveCode.CONSOLIDATOR,
            SaveCode.Consolidator.VERL,
            "verl/model_merger/fsdp_model_merger.py")
        .is(SaveCode.FSDP1, SaveCode.StateDict.SHARDED, saves)
        .is(SaveCode.FSDP2, SaveCode.StateDict.SHARDED, saves);
  }

  /** What EasyR1, which began as verl, has in common with it. */
  static FrameworkRules.Table hybrid(
      String name, String engine, String model, String worker, double alpha) {
    FrameworkRules.Table table =
        sharded(name, engine, model, worker, SAVES, alpha)
            .is(JobKey.PADDING, Padding.PACKED, model)
            .doesWhen(
                JobKey.SEQUENCE_SCHEME,
                d -> d.strategy() != Strategy.MEGATRON,
                ULYSSES,
                d -> SequenceScheme.ULYSSES)
            .is(AttentionCode.ULYSSES, AttentionCode.Ulysses.PIECES, ULYSSES)
            .is(SpreadCode.FLAT_REDUCES_EACH, true, worker)
            .is(SpreadCode.REDUCES_EACH, true, worker)
            .is(SpreadCode.OFFLOADS_BETWEEN, true, "verl/utils/fsdp_utils.py offload_fsdp_model")
            .is(FrameworkCode.STAGES, STAGES, "verl/utils/torch_functional.py")
            .is(SpreadCode.STRATEGIES, List.of(Strategy.FSDP1), engine)
            .spreads(engine, d -> Strategy.FSDP1);
    Completed.lengths(table, 512, 512, "verl/trainer/config");
    Completed.resident(table, 1, "verl/workers/rollout");
    return Completed.engine(table, GenerationEngine.VLLM_COLOCATE, "verl/trainer/config");
  }
}
