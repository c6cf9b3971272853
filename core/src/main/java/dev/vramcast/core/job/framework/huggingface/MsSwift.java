package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** ms-swift 4. */
public final class MsSwift {

  private static final String SFT = "swift/arguments/sft_args.py";
  private static final String TUNER = "swift/arguments/tuner_args.py";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("ms-swift")
          // Its examples/train/tuners/lora/train.sh sets no optim.
          .leftOut(JobKey.OPTIMIZER_NAME)
          .is(JobKey.METHOD, Method.LORA, TUNER)
          .is(JobKey.LORA_ALPHA, 32.0, TUNER)
          .is(JobKey.LORA_DROPOUT, 0.05, TUNER)
          .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), TUNER)
          .is(JobKey.LORA_KBIT_PREPARE, false, TUNER)
          .is(JobKey.DOUBLE_QUANT, true, "swift/arguments/base_args/quant_args.py")
          .is(JobKey.MICRO_BATCH, 1, "swift/trainers/arguments.py")
          .is(JobKey.EVALUATION_BATCH, 1, "swift/trainers/arguments.py")
          .does(JobKey.GRAD_ACCUM, SFT, MsSwift::accumulation)
          .does(
              JobKey.MODEL_DTYPE,
              "swift/arguments/base_args/model_args.py",
              Transformers::checkpointDtype)
          .does(
              JobKey.PRECISION,
              "swift/arguments/base_args/model_args.py",
              d -> d.modelDtype() == DataType.BF16 ? Precision.BF16_MIXED : Precision.FP16_MIXED)
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, "swift/trainers/arguments.py")
          .done();

  private MsSwift() {}

  /** As many micro-batches as make 16 sequences over all GPUs. */
  private static int accumulation(PartialJob d) {
    long sequences = (long) d.whole(JobKey.MICRO_BATCH) * d.whole(JobKey.GPU_COUNT);
    return (int) Math.max(1, (16 + sequences - 1) / sequences);
  }
}
