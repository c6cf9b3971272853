package dev.vramcast.core.job.framework;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.OptimizerRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;

/** Frameworks with training loops and models of their own, in plain PyTorch. */
final class NativeRules {

  /** What they have in common: no autocast, no PEFT, gradients reduced as they are. */
  static final FrameworkRules NATIVE =
      CommonRules.TABLE
          .derive("native")
          .rule(JobKey.PRECISION, Rule.assumed(Precision.BF16, "the usual case of such frameworks"))
          .rule(
              JobKey.MODEL_DTYPE,
              Rule.derived("precision without autocast", d -> CommonRules.dtype(d.precision())))
          .rule(JobKey.LORA_DTYPE, Rule.derived("model.dtype", PartialJob::modelDtype))
          .rule(JobKey.LORA_KBIT_PREPARE, Rule.derived("a step of PEFT only", d -> false))
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.derived("PyTorch's default", OptimizerRules::ofTorch))
          .done();

  private static final String TUNE_RECIPE = "recipes/lora_finetune_single_device.py";
  private static final String TUNE_MODEL = "torchtune/models/llama3_1/_model_builders.py";

  /** torchtune 0.7, whose recipes require most keys; its configs agree on the rest. */
  static final FrameworkRules TORCHTUNE =
      NATIVE
          .derive("torchtune")
          .is(JobKey.LORA_RANK, 8, TUNE_MODEL)
          .is(JobKey.LORA_ALPHA, 16.0, TUNE_MODEL)
          .is(JobKey.QUANTIZATION_IMPLEMENTATION, "torchao", TUNE_MODEL)
          .is(JobKey.DOUBLE_QUANT, true, "torchtune/modules/peft/lora.py to_nf4")
          .is(JobKey.LOSS, LossKernel.CHUNKED, "torchtune/modules/loss/cross_entropy_loss.py")
          .is(JobKey.PADDING, Padding.LONGEST, "torchtune/data/_collate.py")
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.framework("torchtune: recipes/configs", d -> OptimizerImplementation.FUSED))
          .rule(
              JobKey.STRATEGY,
              Rule.framework("torchtune: " + TUNE_RECIPE, d -> Strategy.FSDP2)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .does(
              JobKey.REDUCE_DTYPE,
              "torchtune/training/_distributed.py shard_model",
              NativeRules::reduceAsComputed)
          .is(
              JobKey.ROOT_GROUP,
              RootGroup.PLAIN_RAF,
              "torchtune/training/_distributed.py shard_model")
          .done();

  private static final String LIT_LORA = "litgpt/finetune/lora.py";

  /** LitGPT 0.5. */
  static final FrameworkRules LITGPT =
      NATIVE
          .derive("litgpt")
          .is(JobKey.PRECISION, Precision.BF16_MIXED, "litgpt/utils.py")
          .does(
              JobKey.MODEL_DTYPE,
              "litgpt/utils.py",
              d ->
                  CommonRules.isMixed(d.precision())
                      ? DataType.FP32
                      : CommonRules.dtype(d.precision()))
          .is(JobKey.LORA_RANK, 8, LIT_LORA)
          .is(JobKey.LORA_ALPHA, 16.0, LIT_LORA)
          .is(JobKey.LORA_DROPOUT, 0.05, LIT_LORA)
          .is(JobKey.LORA_TARGETS, LoraTargets.QUERY_VALUE, LIT_LORA)
          .does(JobKey.GRAD_ACCUM, "litgpt/args.py", NativeRules::litgptAccumulation)
          .is(JobKey.LOSS, LossKernel.CHUNKED, "litgpt/utils.py chunked_cross_entropy")
          .is(JobKey.PADDING, Padding.LONGEST, "litgpt/data/base.py")
          .rule(
              JobKey.OPTIMIZER_NAME,
              Rule.framework(
                      "litgpt: litgpt/utils.py instantiate_bnb_optimizer",
                      d -> OptimizerName.PAGED_ADAMW)
                  .when(PartialJob::isKbit))
          .rule(
              JobKey.STRATEGY,
              Rule.framework(
                      "litgpt: " + LIT_LORA,
                      d -> d.method() == Method.FULL ? Strategy.FSDP1 : Strategy.FSDP2)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .does(
              JobKey.CHECKPOINTING,
              LIT_LORA,
              d -> d.whole(JobKey.GPU_COUNT) > 1 ? Checkpointing.FULL : Checkpointing.NONE)
          .does(JobKey.REDUCE_DTYPE, LIT_LORA, NativeRules::reduceAsComputed)
          .done();

  private static final String TITAN = "torchtitan/config/job_config.py";

  /** torchtitan: fp32 shards, gathered and computed in bf16. */
  static final FrameworkRules TORCHTITAN =
      NATIVE
          .derive("torchtitan")
          .trainsInFull(TITAN)
          .is(JobKey.MODEL_DTYPE, DataType.FP32, TITAN)
          .is(JobKey.PRECISION, Precision.BF16_MIXED, TITAN)
          .is(JobKey.MICRO_BATCH, 8, TITAN)
          .is(JobKey.SEQUENCE_LENGTH, 2048, TITAN)
          .is(JobKey.CHECKPOINTING, Checkpointing.SELECTIVE, TITAN)
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.framework("torchtitan: " + TITAN, d -> OptimizerImplementation.FUSED))
          .rule(
              JobKey.STRATEGY,
              Rule.framework(
                      "torchtitan: torchtitan/distributed/parallel_dims.py", d -> Strategy.FSDP2)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .is(JobKey.EXPANDABLE_SEGMENTS, true, "run_train.sh")
          .does(
              JobKey.ROOT_GROUP,
              "torchtitan/models/llama3/infra/parallelize.py of 0.1.0 and 0.2.0",
              d -> d.torchAtLeast(2, 9) ? RootGroup.SPLIT : RootGroup.PLAIN_RAF)
          .done();

  /** NeMo AutoModel. */
  static final FrameworkRules NEMO_AUTOMODEL =
      NATIVE
          .derive("nemo-automodel")
          .trainsInFull("nemo_automodel/recipes/llm/train_ft.py")
          .rule(
              JobKey.STRATEGY,
              Rule.framework(
                      "nemo-automodel: nemo_automodel/components/distributed/fsdp2.py",
                      d -> Strategy.FSDP2)
                  .when(d -> d.whole(JobKey.GPU_COUNT) > 1))
          .is(JobKey.REDUCE_DTYPE, DataType.FP32, "nemo_automodel/components/distributed/fsdp2.py")
          .done();

  private static final String FOUNDRY = "llmfoundry/command_utils/train.py";

  /** LLM Foundry on Composer. */
  static final FrameworkRules LLM_FOUNDRY =
      mixedFsdp("llm-foundry", FOUNDRY)
          .is(JobKey.ATTENTION, AttentionKernel.FLASH, "llmfoundry/models/mpt/configuration_mpt.py")
          .done();

  /** Foundation Model Stack. */
  static final FrameworkRules FMS_FSDP =
      mixedFsdp("fms-fsdp", "fms_fsdp/config/training.py")
          .is(JobKey.COMPILE, true, "fms_fsdp/config/training.py")
          .done();

  private NativeRules() {}

  private static FrameworkRules.Table mixedFsdp(String name, String source) {
    return NATIVE
        .derive(name)
        .trainsInFull(source)
        .is(JobKey.PRECISION, Precision.BF16_MIXED, source)
        .is(JobKey.MODEL_DTYPE, DataType.FP32, source)
        .rule(
            JobKey.STRATEGY,
            Rule.framework(name + ": " + source, d -> Strategy.FSDP1)
                .when(d -> d.whole(JobKey.GPU_COUNT) > 1));
  }

  private static DataType reduceAsComputed(PartialJob d) {
    return CommonRules.dtype(d.precision()) == DataType.BF16 ? DataType.BF16 : DataType.FP32;
  }

  /** As many micro-batches as make 16 sequences over all GPUs, rounded down. */
  private static int litgptAccumulation(PartialJob d) {
    return Math.max(1, 16 / d.whole(JobKey.GPU_COUNT) / d.whole(JobKey.MICRO_BATCH));
  }
}
