package dev.vramcast.core.job.framework;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Frameworks that drive Transformers' Trainer with defaults of their own. */
final class TrainerRules {

  private static final String AXOLOTL_SCHEMA = "src/axolotl/utils/schemas/config.py";
  private static final String AXOLOTL_TRAINING = "src/axolotl/utils/schemas/training.py";

  /** Axolotl 0.18. */
  static final FrameworkRules AXOLOTL =
      TransformersRules.TRANSFORMERS
          .derive("axolotl")
          .is(JobKey.MICRO_BATCH, 1, AXOLOTL_TRAINING)
          .is(JobKey.SEQUENCE_LENGTH, 512, AXOLOTL_SCHEMA)
          .rule(
              JobKey.MODEL_DTYPE,
              // monkeypatch/accelerate/fsdp2.py leaves out for FSDP2 what accelerate does.
              Rule.derived("accelerate: fp32 shards under FSDP1", d -> DataType.FP32)
                  .when(TrainerRules::isFullUnderFsdp1)
                  .or(
                      Rule.framework(
                          "axolotl: src/axolotl/utils/config/__init__.py", d -> DataType.BF16)))
          .is(JobKey.PRECISION, Precision.BF16_MIXED, "src/axolotl/utils/config/__init__.py")
          .is(JobKey.DOUBLE_QUANT, true, "src/axolotl/loaders/model.py")
          .does(
              JobKey.LORA_KBIT_PREPARE,
              "src/axolotl/loaders/model.py casts back what it prepared",
              d -> false)
          .is(JobKey.CHECKPOINTING_REENTRANT, true, "src/axolotl/utils/config/__init__.py")
          .rule(
              JobKey.OPTIMIZER_IMPLEMENTATION,
              Rule.framework("axolotl: " + AXOLOTL_TRAINING, d -> OptimizerImplementation.FUSED))
          .rule(
              JobKey.LORA_TARGETS,
              Rule.assumed(List.of(AdapterSettings.ALL_LINEAR), "axolotl: has no default"))
          .rule(JobKey.LORA_RANK, Rule.assumed(16, "axolotl: has no default"))
          .rule(JobKey.LORA_ALPHA, Rule.derived("2 x lora.rank", TrainerRules::twiceTheRank))
          .does(
              JobKey.EXPANDABLE_SEGMENTS,
              "src/axolotl/utils/__init__.py set_pytorch_cuda_alloc_conf",
              TrainerRules::canGrow)
          .done();

  private static final String LF_FINETUNING = "src/llamafactory/hparams/finetuning_args.py";
  private static final String LF_MODEL = "src/llamafactory/hparams/model_args.py";
  private static final String LF_ADAPTER = "src/llamafactory/model/adapter.py";

  /** LLaMA-Factory 0.9. */
  static final FrameworkRules LLAMA_FACTORY =
      TransformersRules.TRANSFORMERS
          .derive("llama-factory")
          .is(JobKey.METHOD, Method.LORA, LF_FINETUNING)
          .does(JobKey.LORA_ALPHA, LF_FINETUNING, TrainerRules::twiceTheRank)
          .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), LF_FINETUNING)
          .does(JobKey.LORA_DTYPE, LF_ADAPTER, TrainerRules::llamaFactoryAdapter)
          .is(
              JobKey.LORA_KBIT_PREPARE,
              false,
              "src/llamafactory/model/model_utils/checkpointing.py")
          .is(JobKey.DOUBLE_QUANT, true, LF_MODEL)
          .is(JobKey.SEQUENCE_LENGTH, 2048, "src/llamafactory/hparams/data_args.py")
          .does(JobKey.MODEL_DTYPE, LF_ADAPTER, TrainerRules::llamaFactoryDtype)
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, LF_MODEL)
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              "src/llamafactory/model/model_utils/checkpointing.py",
              d -> d.strategy() != Strategy.FSDP2)
          .does(
              JobKey.EXPANDABLE_SEGMENTS,
              "src/llamafactory/launcher.py launch",
              d -> d.whole(JobKey.GPU_COUNT) > 1)
          .done();

  private static final String SWIFT = "swift/arguments/sft_args.py";
  private static final String SWIFT_TUNER = "swift/arguments/tuner_args.py";

  /** ms-swift 4. */
  static final FrameworkRules MS_SWIFT =
      TransformersRules.TRANSFORMERS
          .derive("ms-swift")
          .is(JobKey.METHOD, Method.LORA, SWIFT_TUNER)
          .is(JobKey.LORA_ALPHA, 32.0, SWIFT_TUNER)
          .is(JobKey.LORA_DROPOUT, 0.05, SWIFT_TUNER)
          .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), SWIFT_TUNER)
          .is(JobKey.LORA_KBIT_PREPARE, false, SWIFT_TUNER)
          .is(JobKey.DOUBLE_QUANT, true, "swift/arguments/base_args/quant_args.py")
          .is(JobKey.MICRO_BATCH, 1, "swift/trainers/arguments.py")
          .does(JobKey.GRAD_ACCUM, SWIFT, TrainerRules::swiftAccumulation)
          .does(
              JobKey.MODEL_DTYPE,
              "swift/arguments/base_args/model_args.py",
              TransformersRules::checkpointDtype)
          .does(
              JobKey.PRECISION,
              "swift/arguments/base_args/model_args.py",
              d -> d.modelDtype() == DataType.BF16 ? Precision.BF16_MIXED : Precision.FP16_MIXED)
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, "swift/trainers/arguments.py")
          .done();

  private static final String UNSLOTH_LOADER = "unsloth/models/loader.py";
  private static final String UNSLOTH_LLAMA = "unsloth/models/llama.py";

  /** Unsloth: 4-bit unless told otherwise. */
  static final FrameworkRules UNSLOTH =
      TransformersRules.TRANSFORMERS
          .derive("unsloth")
          .is(JobKey.METHOD, Method.QLORA, UNSLOTH_LOADER)
          .rule(
              JobKey.QUANTIZATION_SCHEME,
              Rule.framework("unsloth: " + UNSLOTH_LOADER, d -> QuantizationScheme.NF4)
                  .when(d -> d.method() == Method.QLORA))
          .is(JobKey.DOUBLE_QUANT, true, UNSLOTH_LOADER)
          .is(JobKey.SEQUENCE_LENGTH, 2048, UNSLOTH_LOADER)
          .does(JobKey.MODEL_DTYPE, UNSLOTH_LOADER, TrainerRules::unslothDtype)
          .does(JobKey.PRECISION, UNSLOTH_LOADER, d -> TransformersRules.mixed(d.modelDtype()))
          .is(JobKey.LORA_RANK, 16, UNSLOTH_LLAMA)
          .is(JobKey.LORA_ALPHA, 16.0, UNSLOTH_LLAMA)
          .is(JobKey.LORA_TARGETS, LoraTargets.PROJECTIONS, UNSLOTH_LLAMA)
          .is(JobKey.LORA_DTYPE, DataType.FP32, UNSLOTH_LLAMA)
          .is(JobKey.LORA_KBIT_PREPARE, false, UNSLOTH_LLAMA)
          .is(JobKey.CHECKPOINTING, Checkpointing.OFFLOADED, UNSLOTH_LLAMA)
          .is(JobKey.CHECKPOINTING_REENTRANT, true, "unsloth_zoo/gradient_checkpointing.py")
          .is(JobKey.ATTENTION, AttentionKernel.FLASH, UNSLOTH_LLAMA)
          .is(JobKey.LOSS, LossKernel.CHUNKED, "unsloth_zoo/loss_utils.py")
          .does(JobKey.EXPANDABLE_SEGMENTS, "unsloth_zoo/__init__.py", TrainerRules::canGrow)
          .done();

  private TrainerRules() {}

  /** PyTorch before 2.2 is left as it is. */
  private static boolean canGrow(PartialJob d) {
    return d.torchAtLeast(2, 2);
  }

  private static boolean isFullUnderFsdp1(PartialJob d) {
    return d.strategy() == Strategy.FSDP1
        && d.method() == Method.FULL
        && CommonRules.isMixed(d.precision());
  }

  private static double twiceTheRank(PartialJob d) {
    return 2.0 * d.whole(JobKey.LORA_RANK);
  }

  /** fp32 unless {@code pure_bf16}, which a plain bf16 precision stands for. */
  private static DataType llamaFactoryAdapter(PartialJob d) {
    return d.precision() == Precision.BF16 ? DataType.BF16 : DataType.FP32;
  }

  /** The checkpoint's dtype; trained parameters are turned to fp32 unless {@code pure_bf16}. */
  private static DataType llamaFactoryDtype(PartialJob d) {
    return d.method() == Method.FULL ? DataType.FP32 : TransformersRules.checkpointDtype(d);
  }

  private static DataType unslothDtype(PartialJob d) {
    boolean half =
        d.isSet(JobKey.PRECISION, Precision.FP16)
            || d.isSet(JobKey.PRECISION, Precision.FP16_MIXED);
    return half ? DataType.FP16 : DataType.BF16;
  }

  /** As many micro-batches as make 16 sequences over all GPUs. */
  private static int swiftAccumulation(PartialJob d) {
    long sequences = (long) d.whole(JobKey.MICRO_BATCH) * d.whole(JobKey.GPU_COUNT);
    return (int) Math.max(1, (16 + sequences - 1) / sequences);
  }
}
