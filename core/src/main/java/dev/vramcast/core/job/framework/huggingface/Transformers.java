package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.MlpTiles;
import dev.vramcast.core.job.rule.OptimizerRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.function.Predicate;

/** Hugging Face Transformers' Trainer with PEFT and accelerate, and what builds on them. */
public final class Transformers {

  private static final String TRAINING_ARGS = "src/transformers/training_args.py";

  /** The DeepSpeed whose buckets are opened by the first gradient. */
  private static final Version BUCKETS_BY_HOOK = new Version(0, 18, 3);

  /** Seq2SeqTrainer, which frameworks with trainers of their own do not run. */
  static final String SEQ2SEQ = "src/transformers/trainer_seq2seq.py prediction_step";

  /** Of FSDP's shards that accelerate has written, for those whose checkpoints are its own. */
  static final String MERGES =
      "accelerate, src/accelerate/utils/fsdp_utils.py save_fsdp_model and merge_fsdp_weights";

  static final String LORA_CONFIG = "src/peft/tuners/lora/config.py";

  /** No framework is named: the job document's defaults, and Transformers' rules for the rest. */
  public static final FrameworkRules UNNAMED =
      CommonRules.TABLE
          .derive("transformers")
          .is(LoopCode.AUTOCASTS_APART, true, TRAINING_ARGS + " bf16")
          .is(LoopCode.PREPARED_BY_ACCELERATE, true, "transformers/trainer.py accelerator.prepare")
          .does(
              JobKey.LORA_DTYPE,
              "peft, src/peft/tuners/tuners_utils.py cast_adapter_dtype",
              Transformers::adapterDtype)
          .rule(
              JobKey.LORA_KBIT_PREPARE,
              Rule.assumed(
                      true, "peft: the quantisation guide calls prepare_model_for_kbit_training")
                  .when(PartialJob::isKbit))
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              "src/transformers/modeling_utils.py gradient_checkpointing_enable",
              d -> !d.transformersAtLeast(5, 0))
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, TRAINING_ARGS, OptimizerRules::ofTransformers)
          .does(
              JobKey.ZERO_INIT,
              "src/transformers/modeling_utils.py get_init_context, of all that is not quantised"
                  + " once TrainingArguments or accelerate have read the DeepSpeed file",
              d -> !d.isQuantized())
          .is(JobKey.ROOT_GROUP, RootGroup.SPLIT, "accelerate, src/accelerate/utils/fsdp_utils.py")
          .is(
              LossCode.OUTPUTS,
              OutputDtype.FP32_UNDER_AUTOCAST,
              "accelerate, src/accelerate/utils/operations.py convert_outputs_to_fp32")
          .is(
              LoopCode.AUTOCASTS_UNDER_FSDP2,
              false,
              "accelerate, src/accelerate/accelerator.py _prepare_fsdp2, past prepare_model")
          .is(LossCode.LIGER_REACHES, true, "src/transformers/integrations/liger.py")
          .is(LossCode.FUSED, LossKernel.LIGER, "src/transformers/integrations/liger.py")
          .is(
              LayerCode.TILED_MLP,
              LayerCode.TiledMlp.ADDED,
              "deepspeed, deepspeed/runtime/sequence_parallel/ulysses_sp.py TiledMLP")
          .does(
              JobKey.MLP_TILES,
              "deepspeed, the example of"
                  + " deepspeed/runtime/sequence_parallel/ulysses_sp.py TiledMLP",
              MlpTiles::asLongAsWide)
          .is(
              LayerCode.KEEPS_EMBEDDINGS,
              true,
              "src/transformers/models/llama/modeling_llama.py LlamaModel.forward")
          .does(
              LoopCode.FETCHES_STEP,
              "src/transformers/trainer.py get_batch_samples, since 4.46",
              libraries -> libraries.transformers().atLeast(4, 46))
          .is(JobKey.EVALUATION_BATCH, 8, TRAINING_ARGS)
          .is(
              EvaluationCode.LOOP,
              EvaluationCode.Loop.TRAINER,
              "src/transformers/trainer.py evaluation_loop")
          .does(
              EvaluationCode.KEEPS_CACHE,
              "src/transformers/training_args.py use_cache, 4.57 and 5.4 as read",
              Transformers::leavesCache)
          .does(
              EvaluationCode.LIGER_MAKES_LOGITS,
              "src/transformers/trainer.py prediction_step, skip_logits since 5.15",
              libraries -> !libraries.transformers().atLeast(5, 15))
          .is(
              SaveCode.WRITER,
              SaveCode.Writer.TRAINER,
              "src/transformers/trainer.py _save_checkpoint")
          .is(SaveCode.INTERVAL, new SaveCode.Steps(500), TRAINING_ARGS + " save_steps")
          .is(SaveCode.KEPT, SaveCode.Kept.ALL, TRAINING_ARGS + " save_total_limit")
          .is(SaveCode.STATES, true, TRAINING_ARGS + " save_only_model")
          .is(
              SaveCode.FSDP1,
              SaveCode.StateDict.FULL,
              "accelerate, src/accelerate/utils/dataclasses.py set_state_dict_type")
          .does(
              SaveCode.FSDP2,
              TRAINING_ARGS + " state_dict_type, 4.57 and 5.24 as read; before, accelerate's",
              libraries ->
                  libraries.transformers().atLeast(5, 0)
                      ? SaveCode.StateDict.FULL
                      : SaveCode.StateDict.SHARDED)
          .is(
              SaveCode.GATHERS_ZERO3,
              true,
              "tests/deepspeed/ds_config_zero3.json stage3_gather_16bit_weights_on_model_save")
          .is(AttentionCode.MASKS_SDPA, true, "src/transformers/masking_utils.py")
          .is(
              SpreadCode.LOADS_ALONE,
              LoadPlace.HOST,
              "src/transformers/trainer.py _move_model_to_device")
          .is(
              SpreadCode.LOADS_COPIES,
              LoadPlace.HOST,
              "src/transformers/trainer.py _move_model_to_device")
          .is(
              SpreadCode.LOADS_SHARDS,
              LoadPlace.FIRST_RANK,
              "src/transformers/modeling_utils.py _load_pretrained_model, is_local_dist_rank_0")
          .does(
              SpreadCode.ZEROES_SHARDS,
              "src/transformers/modeling_utils.py _move_missing_keys_from_meta_to_device, 5.6 to"
                  + " 5.22",
              libraries ->
                  libraries.transformers().atLeast(5, 6)
                      && !libraries.transformers().atLeast(5, 23))
          .does(
              SpreadCode.EMPTIES_QUANTISED,
              "src/transformers/modeling_utils.py _load_state_dict_into_meta_model, until 5.0, and"
                  + " accelerate/utils/dataclasses.py param_init_fn",
              libraries -> !libraries.transformers().atLeast(5, 0))
          .does(
              SpreadCode.WARMS_UP_HALF,
              "src/transformers/modeling_utils.py caching_allocator_warmup, 4.50 to 4.57",
              libraries ->
                  libraries.transformers().atLeast(4, 50)
                      && !libraries.transformers().atLeast(5, 0))
          .is(
              LossCode.SPLITS_VOCABULARY,
              false,
              "src/transformers/distributed/tensor_parallel.py colwise_gather_output")
          .does(
              LayerCode.WHOLE_EMBEDDING,
              "src/transformers/models/llama/configuration_llama.py base_model_tp_plan, until"
                  + " distributed/mixin.py of 5.21 put it in",
              libraries -> !libraries.transformers().atLeast(5, 21))
          .is(SpreadCode.ADAPTER_UNITS, true, "peft, src/peft/utils/other.py fsdp_auto_wrap_policy")
          .does(
              SpreadCode.SHARDS_CHECKPOINTS,
              "src/transformers/modeling_layers.py GradientCheckpointingLayer, since 4.52",
              libraries -> libraries.transformers().atLeast(4, 52))
          .does(
              SpreadCode.HOOKS_AROUND_CHECKPOINTS,
              "src/transformers/modeling_layers.py GradientCheckpointingLayer.__init_subclass__,"
                  + " since 5.23",
              libraries -> libraries.transformers().atLeast(5, 23))
          .is(
              SpreadCode.ZERO,
              ZeroConfiguration.TRAINER,
              "src/transformers/integrations/deepspeed.py")
          .does(
              LoopCode.DIFFERENTIABLE_INPUTS,
              "src/transformers/modeling_utils.py gradient_checkpointing_enable, since 5.0",
              libraries -> libraries.transformers().atLeast(5, 0))
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.WITH_ADAPTERS,
              "src/transformers/trainer.py find_unused_parameters, which no model of an adapter"
                  + " escapes")
          .does(
              SpreadCode.REDUCES_EACH,
              "accelerate, src/accelerate/accelerator.py no_sync, until 1.11",
              libraries -> !libraries.accelerate().atLeast(1, 11))
          .does(
              SpreadCode.OVERLAPS_FIRST,
              "deepspeed, deepspeed/runtime/engine.py, which ignores it in stage 1 before 0.13",
              libraries -> libraries.deepspeed().atLeast(0, 13))
          .does(
              SpreadCode.EARLY_BUCKETS,
              "deepspeed, deepspeed/runtime/zero/stage_1_and_2.py setup_buckets, since 0.18.3",
              libraries -> libraries.deepspeed().compareTo(BUCKETS_BY_HOOK) < 0)
          .does(
              SpreadCode.LEAF_BLOCKS,
              "deepspeed, deepspeed/runtime/zero/leaf_module_config.py, since 0.18",
              LeafBlocks::ofDeepSpeed)
          .is(
              SpreadCode.STRATEGIES,
              List.of(Strategy.DDP, Strategy.ZERO2, Strategy.FSDP2, Strategy.ZERO3),
              "accelerate, src/accelerate/commands/launch.py")
          .done();

  /** transformers, training_args.py and modeling_utils.py. */
  public static final FrameworkRules RULES =
      UNNAMED
          .derive("transformers")
          .trainsInFull(TRAINING_ARGS)
          .is(JobKey.MICRO_BATCH, 8, TRAINING_ARGS)
          .is(JobKey.PADDING, Padding.LONGEST, "src/transformers/data/data_collator.py")
          .does(
              JobKey.MODEL_DTYPE,
              "src/transformers/modeling_utils.py from_pretrained",
              Transformers::loadDtype)
          .first(JobKey.PADDING, unevenPairs())
          .first(JobKey.MODEL_DTYPE, dtypeUnderFsdp())
          .first(JobKey.MODEL_DTYPE, baseUnderFsdp2())
          .does(
              SpreadCode.WIDENS_SHARDS,
              "accelerate, src/accelerate/accelerator.py prepare_model and utils/fsdp_utils.py"
                  + " fsdp2_prepare_model, 1.6 to 1.15 as read",
              libraries -> libraries.transformers().atLeast(4, 39))
          .does(
              SpreadCode.WIDENS_FSDP2,
              "accelerate, src/accelerate/utils/fsdp_utils.py fsdp2_prepare_model, whose loop in"
                  + " 1.13 assigns to its own variable",
              libraries ->
                  !libraries.accelerate().atLeast(1, 13) || libraries.accelerate().atLeast(1, 14))
          .does(JobKey.PRECISION, TRAINING_ARGS, d -> Precision.pure(d.modelDtype()))
          .does(
              JobKey.ATTENTION,
              "src/transformers/modeling_utils.py",
              d -> d.transformersAtLeast(4, 36) ? AttentionKernel.SDPA : AttentionKernel.EAGER)
          .rule(
              JobKey.REDUCE_DTYPE,
              Rule.derived("accelerate reduces in the compute dtype", Transformers::reduceDtype)
                  .when(d -> d.strategy() != Strategy.MEGATRON))
          .is(JobKey.LORA_RANK, 8, LORA_CONFIG)
          .is(JobKey.LORA_ALPHA, 8.0, LORA_CONFIG)
          .rule(JobKey.LORA_TARGETS, LoraTargets.OF_PEFT)
          .done();

  private Transformers() {}

  /**
   * Those of a framework that tells the model's config to cache nothing.
   *
   * @param forbids whether a release does
   */
  static FrameworkRules.Table forbiddingCache(
      FrameworkRules.Table table, String source, Predicate<Framework> forbids) {
    return table
        .does(LoopCode.FORBIDS_CACHE, source, forbids::test)
        .does(
            EvaluationCode.KEEPS_CACHE,
            source,
            framework -> !forbids.test(framework) && leavesCache(framework));
  }

  /** The Trainer's {@code use_cache=False} came with Transformers 5. */
  static boolean leavesCache(Framework libraries) {
    return !libraries.transformers().atLeast(5, 0);
  }

  /**
   * Begins the table of a framework that loads its base by {@code from_pretrained}, which holds
   * weights quantised that are stored so. Most others build on these rules with loaders of their
   * own.
   */
  static FrameworkRules.Table loading(FrameworkRules table, String name) {
    return table
        .derive(name)
        .is(LayerCode.HOLDS_STORED, true, "src/transformers/quantizers/auto.py");
  }

  /** The dtype of the checkpoint since Transformers 5; fp32 before, fp16 when bitsandbytes asks. */
  static DataType loadDtype(PartialJob d) {
    if (d.transformersAtLeast(5, 0)) {
      return d.document().checkpointDtype();
    }
    return d.isKbit() ? DataType.FP16 : DataType.FP32;
  }

  /**
   * Answers of a pair that are not as long as each other are padded to the longer one, whatever the
   * batch is made of (trl/trainer/dpo_trainer.py DataCollatorForPreference).
   */
  private static Rule unevenPairs() {
    return Rule.derived(
            JobKey.CHOSEN_LENGTH.path()
                + " and "
                + JobKey.REJECTED_LENGTH.path()
                + ", which differ",
            d -> Padding.PADDED)
        .when(
            d ->
                d.isSet(JobKey.CHOSEN_LENGTH)
                    && d.isSet(JobKey.REJECTED_LENGTH)
                    && d.whole(JobKey.CHOSEN_LENGTH) != d.whole(JobKey.REJECTED_LENGTH));
  }

  /** accelerate's FSDP turns trained parameters to fp32 when it computes in mixed precision. */
  static Rule dtypeUnderFsdp() {
    return Rule.derived(
            "accelerate: fp32 shards under FSDP with mixed precision", d -> DataType.FP32)
        .when(
            d ->
                d.isSet(JobKey.PRECISION)
                    && CommonRules.isMixed(d.precision())
                    && d.method() == Method.FULL
                    && d.strategy().isFsdp());
  }

  /**
   * accelerate before 1.13 turned frozen parameters to fp32 too (utils/fsdp_utils.py
   * fsdp2_prepare_model), unless they were 4-bit.
   */
  static Rule baseUnderFsdp2() {
    return Rule.derived(
            "accelerate before 1.13: an fp32 base under FSDP2 with mixed precision",
            d -> DataType.FP32)
        .when(d -> widensBaseUnderFsdp2(d) && !d.accelerateAtLeast(1, 13));
  }

  /** What accelerate's FSDP2 was about to widen. */
  static boolean widensBaseUnderFsdp2(PartialJob d) {
    return d.method().trainsAdapters()
        && !d.isQuantized()
        && d.isSet(JobKey.PRECISION)
        && CommonRules.isMixed(d.precision())
        && d.strategy() == Strategy.FSDP2;
  }

  /**
   * PEFT casts adapters to fp32 since 0.12. Before, they took the dtype of a base in floating point
   * numbers; over a quantised base they are created in fp32 by every version.
   */
  static DataType adapterDtype(PartialJob d) {
    boolean casts = d.version(JobKey.PEFT_VERSION).atLeast(0, 12);
    return casts || d.isQuantized() ? DataType.FP32 : d.modelDtype();
  }

  /**
   * accelerate/utils/fsdp_utils.py, whose policy of mixed precision names it; without one the
   * gradients' own.
   */
  private static DataType reduceDtype(PartialJob d) {
    return switch (d.precision()) {
      case BF16_MIXED -> DataType.BF16;
      case FP16_MIXED -> DataType.FP16;
      case BF16 -> trainedDtype(d, DataType.BF16);
      case FP16 -> trainedDtype(d, DataType.FP16);
      default -> DataType.FP32;
    };
  }

  private static DataType trainedDtype(PartialJob d, DataType ofAll) {
    return d.method().trainsAdapters() ? d.get(JobKey.LORA_DTYPE, DataType.class) : ofAll;
  }
}
