package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Pooling;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** ms-swift 4. */
public final class MsSwift {

  private static final String SFT = "swift/arguments/sft_args.py";
  private static final String TUNER = "swift/arguments/tuner_args.py";

  private static final String RLHF = "swift/arguments/rlhf_args.py";

  /**
   * swift/rlhf_trainers of 4.6: dpo_trainer.py concatenated_forward and kto_trainer.py forward with
   * rlhf_mixin.py get_per_token_logps, grpo_trainer.py _get_logps_via_local_forward,
   * reward_trainer.py compute_loss; gkd_trainer.py compute_loss; swift/loss/embedding.py
   * InfonceLoss, of all texts of a batch. ORPO and CPO hand all logits to TRL's
   * concatenated_forward (rlhf_mixin.py), which is that of 0.29.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.DPO, StageHead.SEQUENCES,
              Stage.KTO, StageHead.SEQUENCES,
              Stage.GRPO, StageHead.SEQUENCES,
              Stage.ORPO, StageHead.SEQUENCES,
              Stage.CPO, StageHead.SEQUENCES,
              Stage.REWARD, StageHead.SCORE,
              Stage.DISTILLATION, StageHead.JENSEN_SHANNON,
              Stage.EMBEDDING, StageHead.POOLED),
          TrlStages.TILES,
          Set.of(Stage.DPO, Stage.KTO, Stage.REWARD, Stage.ORPO, Stage.CPO),
          Set.of(
              StageHabit.MERGES_TEXTS,
              StageHabit.KEEPS_LABELLED,
              StageHabit.DROPS_LOGITS,
              StageHabit.SCALES_IN_PLACE,
              StageHabit.SCORES_ALWAYS,
              StageHabit.SCORES_EACH_STEP,
              StageHabit.KNOWS_VLLM_ALONE));

  /** All of {@code swift rlhf} but DPO and GRPO, of which RLOO is a kind. */
  private static final Set<Stage> WHOLE =
      EnumSet.of(Stage.KTO, Stage.ORPO, Stage.CPO, Stage.REWARD, Stage.PPO, Stage.DISTILLATION);

  /** With {@code task_type} seq_cls. */
  public static final Set<Stage> SUPERVISED = Stage.nextTokens(Stage.CLASSIFICATION);

  private static final String FORBIDS =
      "swift/trainers/mixin.py set_config_attr of use_cache, since 3.5";

  public static final FrameworkRules RULES =
      Transformers.forbiddingCache(
              Transformers.loading(Transformers.RULES, "ms-swift"), FORBIDS, MsSwift::forbidsCache)
          .is(FrameworkCode.SUPERVISED, SUPERVISED, "swift/trainers/trainer_factory.py")
          .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
          .is(SaveCode.MERGES_APART, true, "swift/pipelines/export/merge_lora.py")
          .is(LoopCode.TRAINS_PAIRS, false, "swift/template/base.py")
          .is(
              LoopCode.HEADS_OF_CLASSES,
              false,
              "swift/model/patcher.py patch_automodel_for_sequence_classification")
          // Its examples/train/tuners/lora/train.sh sets no optim.
          .leftOut(JobKey.OPTIMIZER_NAME)
          .is(JobKey.METHOD, Method.LORA, TUNER)
          .is(LayerCode.TILED_MLP, LayerCode.TiledMlp.NONE, TUNER)
          .does(
              JobKey.FROZEN,
              TUNER + " freeze_vit, swift/pipelines/train/tuner.py get_target_modules",
              MsSwift::frozen)
          .is(KernelCode.MEGATRON_CORE, true, "swift/megatron")
          .doesWhen(
              JobKey.SEQUENCE_SCHEME,
              d -> d.strategy() != Strategy.MEGATRON,
              "swift/sequence_parallel/sequence_parallel.py _init_device_mesh",
              d -> SequenceScheme.ULYSSES)
          .is(
              AttentionCode.ULYSSES,
              AttentionCode.Ulysses.PERMUTED,
              "swift/sequence_parallel/ulysses.py single_all_to_all")
          .does(
              SpreadCode.ZERO,
              "swift/config/zero2.json, without overlap_comm since 3.3",
              swift -> zero(!swift.atLeast(3, 3)))
          .does(
              SpreadCode.LEAF_BLOCKS,
              "swift/model/register.py _deepspeed_set_z3_leaf_modules",
              LeafBlocks::ofMsSwift)
          .is(JobKey.POOLING, Pooling.LAST, "swift/model/patcher.py patch_output_normalizer")
          .is(JobKey.LORA_ALPHA, 32.0, TUNER)
          .doesWhen(JobKey.LORA_DROPOUT, PartialJob::takesLora, TUNER, d -> 0.05)
          .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), TUNER)
          .is(JobKey.LORA_KBIT_PREPARE, false, TUNER)
          .is(JobKey.DOUBLE_QUANT, true, "swift/arguments/base_args/quant_args.py")
          .is(JobKey.MICRO_BATCH, 1, "swift/trainers/arguments.py")
          .is(JobKey.EVALUATION_BATCH, 1, "swift/trainers/arguments.py")
          .does(JobKey.GRAD_ACCUM, SFT, MsSwift::accumulation)
          .does(
              JobKey.MODEL_DTYPE,
              "swift/arguments/base_args/model_args.py",
              d -> d.document().checkpointDtype())
          .does(
              JobKey.PRECISION,
              "swift/arguments/base_args/model_args.py",
              d -> d.modelDtype() == DataType.BF16 ? Precision.BF16_MIXED : Precision.FP16_MIXED)
          .is(LoopCode.AUTOCASTS_APART, false, "swift/arguments/base_args/model_args.py")
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, "swift/trainers/arguments.py")
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              "swift/trainers/mixin.py _fix_gradient_checkpointing",
              MsSwift::reentrant)
          .does(
              FrameworkCode.STAGES,
              "swift/rlhf_trainers, 4.6 as read",
              swift -> swift.atLeast(4, 0) ? STAGES : StageCode.UNKNOWN)
          .is(SpreadCode.WHOLE_STAGES, WHOLE, RLHF + " _check_sequence_parallel")
          .is(SaveCode.FSDP2, SaveCode.StateDict.SHARDED, "swift/config/fsdp2.json")
          .doesWhen(JobKey.BETA, MsSwift::isOnline, RLHF, d -> 0.04)
          .first(
              JobKey.BETA,
              Rule.framework("ms-swift: " + RLHF + " _init_rlhf_beta", d -> 0.5)
                  .when(d -> d.get(JobKey.STAGE, Stage.class) == Stage.DISTILLATION))
          .doesWhen(
              JobKey.GROUP_SIZE,
              CompletionGroup::isUsual,
              RLHF + " num_generations",
              CompletionGroup::usual)
          .is(JobKey.ENGINE_FRACTION, 0.9, "swift/rlhf_trainers/args_mixin.py")
          .is(SpreadCode.LOADS_ALONE, LoadPlace.GPU, "swift/utils/torch_utils.py get_device_map")
          .is(SpreadCode.LOADS_COPIES, LoadPlace.GPU, "swift/utils/torch_utils.py get_device_map")
          .is(LayerCode.NAMES_BY_CLASS, true, "swift/utils/transformers_utils.py find_all_linears")
          .is(LayerCode.NAMES_LINEARS, true, "swift/pipelines/train/tuner.py get_target_modules")
          .done();

  private MsSwift() {}

  private static boolean forbidsCache(Framework swift) {
    return swift.atLeast(3, 5);
  }

  private static ZeroConfiguration zero(boolean overlaps) {
    return ZeroConfiguration.ofFile(200_000_000L, overlaps, overlaps, "swift/config/zero2.json");
  }

  /** Adapters on modules by name are on those of encoders too. */
  private static List<FrozenPart> frozen(PartialJob d) {
    boolean named =
        d.method().trainsAdapters()
            && !d.list(JobKey.LORA_TARGETS, String.class).contains(AdapterSettings.ALL_LINEAR);
    return named ? List.of() : List.of(FrozenPart.values());
  }

  private static boolean isOnline(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.GRPO;
  }

  /** DDP's are not, and nor are those that its presets of FSDP ask accelerate for. */
  private static boolean reentrant(PartialJob d) {
    return d.strategy() == Strategy.NONE || d.strategy().isZero();
  }

  /** As many micro-batches as make 16 sequences over all GPUs; one where they are generated. */
  private static int accumulation(PartialJob d) {
    if (isOnline(d)) {
      return 1;
    }
    long sequences = (long) d.whole(JobKey.MICRO_BATCH) * d.whole(JobKey.GPU_COUNT);
    return (int) Math.max(1, (16 + sequences - 1) / sequences);
  }
}
