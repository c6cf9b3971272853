package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.MlpTiles;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Set;

/** Axolotl 0.18. */
public final class Axolotl {

  private static final String CONFIG = "src/axolotl/utils/config/__init__.py";
  private static final String SCHEMA = "src/axolotl/utils/schemas/config.py";
  private static final String BUILDER =
      "src/axolotl/core/builders/base.py _configure_save_and_eval_strategy";
  private static final String TRAINING = "src/axolotl/utils/schemas/training.py";

  private static final String TILED = "src/axolotl/monkeypatch/tiled_mlp/";

  /** {@code target_tokens_per_shard}. */
  private static final long LONGEST_TILE = 32_768;

  private static final Rule SCHEME =
      Rule.framework(
          "axolotl: src/axolotl/utils/schemas/validation.py validate_ring_attn_func",
          d ->
              d.get(JobKey.PADDING, Padding.class) == Padding.PACKED
                  ? SequenceScheme.ALLGATHER
                  : SequenceScheme.RING);

  private static final String FORBIDS = "src/axolotl/loaders/utils.py check_model_config";

  public static final FrameworkRules RULES =
      Transformers.forbiddingCache(
              Transformers.loading(Transformers.RULES, "axolotl"), FORBIDS, axolotl -> true)
          .is(
              FrameworkCode.SUPERVISED,
              Stage.nextTokens(Stage.TOKEN_CLASSIFICATION),
              "src/axolotl/core/trainers")
          .is(LoopCode.TRAINS_PAIRS, false, "src/axolotl/utils/collators/batching.py")
          .is(
              SpreadCode.WIDENS_SHARDS,
              false,
              "src/axolotl/monkeypatch/accelerate/fsdp2.py fsdp2_prepare_model")
          .is(
              JobKey.ENGINE_FRACTION,
              0.9,
              "src/axolotl/utils/schemas/vllm.py, handed on by core/trainers/grpo/__init__.py")
          .doesWhen(
              JobKey.GROUP_SIZE, CompletionGroup::isUsual, TrlStages.GROUPS, CompletionGroup::usual)
          .does(
              FrameworkCode.STAGES,
              "src/axolotl/core/builders/rl.py, 0.19 as read, which has TRL 1.9",
              axolotl -> axolotl.atLeast(0, 19) ? stages() : StageCode.UNKNOWN)
          .is(
              SpreadCode.DIVIDED_STAGES,
              Stage.those(Stage::isSupervised),
              "src/axolotl/utils/ctx_managers/sequence_parallel.py: GRPO's outputs are gathered,"
                  + " and of others what a part of the logits is compared with was not traced")
          .does(
              LayerCode.TILED_MLP,
              TILED + "base.py, since 0.17",
              axolotl ->
                  axolotl.atLeast(0, 17) ? LayerCode.TiledMlp.SUMMED : LayerCode.TiledMlp.NONE)
          .does(
              JobKey.MLP_TILES,
              TILED + "patch.py, since 0.17",
              d -> MlpTiles.ofTokens(d, LONGEST_TILE))
          .is(JobKey.MICRO_BATCH, 1, TRAINING)
          .does(JobKey.EVALUATION_BATCH, CONFIG, d -> d.whole(JobKey.MICRO_BATCH))
          .rule(JobKey.SEQUENCE_SCHEME, SCHEME)
          .is(
              AttentionCode.RING,
              AttentionCode.Ring.FLASH,
              "src/axolotl/monkeypatch/ring_attn/patch.py")
          .is(
              SpreadCode.ZERO,
              ZeroConfiguration.ofFile(
                  ZeroConfiguration.REDUCE_BUCKET, true, true, "deepspeed_configs/zero2.json"),
              "deepspeed_configs/zero2.json")
          .is(
              SaveCode.CONSOLIDATOR,
              SaveCode.Consolidator.AXOLOTL,
              "src/axolotl/cli/merge_sharded_fsdp_weights.py")
          // 0.15.0 holds the whole model, 0.16.1 does not.
          .does(
              SaveCode.MERGE,
              "src/axolotl/cli/merge_lora.py merge_method",
              axolotl -> axolotl.atLeast(0, 16) ? MergeDevice.FILE_BY_FILE : MergeDevice.GPU)
          .is(SaveCode.MERGES_APART, true, "src/axolotl/cli/merge_lora.py")
          .is(SaveCode.INTERVAL, new SaveCode.Epochs(), BUILDER)
          .is(SaveCode.KEPT, new SaveCode.Kept(4), BUILDER)
          .is(JobKey.SEQUENCE_LENGTH, 512, SCHEMA)
          .is(JobKey.MODEL_DTYPE, DataType.BF16, CONFIG)
          .first(
              JobKey.MODEL_DTYPE,
              // monkeypatch/accelerate/fsdp2.py leaves out for FSDP2 what accelerate does.
              Rule.derived("accelerate: fp32 shards under FSDP1", d -> DataType.FP32)
                  .when(Axolotl::isFullUnderFsdp1))
          .is(JobKey.PRECISION, Precision.BF16_MIXED, CONFIG)
          .is(LoopCode.AUTOCASTS_APART, false, CONFIG + " torch_dtype")
          .is(JobKey.DOUBLE_QUANT, true, "src/axolotl/loaders/model.py")
          .rule(
              JobKey.QUANTIZED_EXPERTS,
              Rule.assumed(true, "axolotl: quantize_moe_experts, as its examples of mixtures have")
                  .when(Axolotl::canQuantiseExperts))
          .does(
              JobKey.LORA_KBIT_PREPARE,
              "src/axolotl/loaders/model.py casts back what it prepared",
              d -> false)
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              CONFIG + " normalize_config",
              d -> d.get(JobKey.STAGE, Stage.class).isSupervised())
          .is(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.FUSED, TRAINING)
          .rule(
              JobKey.LORA_TARGETS,
              Rule.assumed(List.of(AdapterSettings.ALL_LINEAR), "axolotl: has no default"))
          .rule(JobKey.LORA_RANK, Rule.assumed(16, "axolotl: has no default"))
          .rule(JobKey.LORA_ALPHA, Rule.derived("2 x lora.rank", Axolotl::twiceTheRank))
          .does(
              JobKey.EXPANDABLE_SEGMENTS,
              "src/axolotl/utils/__init__.py set_pytorch_cuda_alloc_conf",
              d -> d.torchAtLeast(2, 2))
          .does(
              SpreadCode.SHARDS_INT8,
              "src/axolotl/monkeypatch/fsdp2_qlora.py, 0.19 as read",
              axolotl -> axolotl.atLeast(0, 19))
          .is(
              LayerCode.QUANTISES_EXPERTS_ON_REQUEST,
              true,
              "src/axolotl/monkeypatch/moe_quant.py, quantize_moe_experts since 0.14")
          .does(
              LayerCode.TRAINS_PACKED_EXPERTS,
              "src/axolotl/integrations/kernels/libs/sonicmoe/nvfp4_lora.py, 0.19 as read",
              axolotl -> axolotl.atLeast(0, 19))
          .is(
              SpreadCode.LOADS_ALONE,
              LoadPlace.GPU,
              "src/axolotl/utils/config/__init__.py choose_device")
          .is(
              SpreadCode.LOADS_COPIES,
              LoadPlace.GPU,
              "src/axolotl/utils/config/__init__.py choose_device")
          .is(LayerCode.NAMES_LINEARS, true, "src/axolotl/loaders/adapter.py find_all_linear_names")
          .is(
              LayerCode.DROPS_BESIDE_EXPERTS,
              true,
              "src/axolotl/loaders/adapter.py _patch_peft_param_wrapper_dropout")
          .done();

  private Axolotl() {}

  /**
   * src/axolotl/core/trainers/ebft/trainer.py is a trainer of TRL's GRPO with rewards of its own,
   * and strided.py beside it one of Transformers; RLType of src/axolotl/utils/schemas/enums.py
   * names neither PPO nor RLOO.
   */
  private static StageCode stages() {
    return TrlStages.untilKernel()
        .withStageAs(Stage.EBFT, Stage.GRPO)
        .with(Stage.EBFT_STRIDED, StageHead.PIECES)
        .without(Set.of(Stage.PPO, Stage.RLOO));
  }

  /** It refuses all linears beside quantised experts: src/axolotl/utils/schemas/config.py. */
  private static boolean canQuantiseExperts(PartialJob d) {
    boolean named =
        d.method().trainsAdapters()
            && !d.list(JobKey.LORA_TARGETS, String.class).contains(AdapterSettings.ALL_LINEAR);
    Version transformers = d.version(JobKey.TRANSFORMERS_VERSION);
    return named
        && d.scheme().fitsStacks()
        && !d.scheme().ofStacksAlone()
        && d.model()
            .filter(model -> model.traits().experts().stacked().contains(transformers))
            .isPresent();
  }

  private static boolean isFullUnderFsdp1(PartialJob d) {
    return d.strategy() == Strategy.FSDP1
        && d.method() == Method.FULL
        && CommonRules.isMixed(d.precision());
  }

  private static double twiceTheRank(PartialJob d) {
    return 2.0 * d.whole(JobKey.LORA_RANK);
  }
}
