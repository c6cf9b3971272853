package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.LaunchStack;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Unsloth: 4-bit unless told otherwise. */
public final class Unsloth {

  private static final String LOADER = "unsloth/models/loader.py";
  private static final String LLAMA = "unsloth/models/llama.py";

  /** unsloth-zoo sizes chunks by the memory that is free; a GiB of fp32 logits is assumed. */
  private static final long GIB_OF_LOGITS = (1L << 30) / 4;

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("unsloth")
          .is(JobKey.METHOD, Method.QLORA, LOADER)
          .doesWhen(
              JobKey.QUANTIZATION_SCHEME,
              d -> d.method() == Method.QLORA,
              LOADER,
              d -> QuantizationScheme.NF4)
          .is(JobKey.DOUBLE_QUANT, true, LOADER)
          .is(JobKey.SEQUENCE_LENGTH, 2048, LOADER)
          .does(JobKey.MODEL_DTYPE, LOADER, Unsloth::loadDtype)
          .does(JobKey.PRECISION, LOADER, d -> Precision.mixed(d.modelDtype()))
          .is(JobKey.LORA_RANK, 16, LLAMA)
          .is(JobKey.LORA_ALPHA, 16.0, LLAMA)
          .is(JobKey.LORA_TARGETS, LoraTargets.PROJECTIONS, LLAMA)
          .is(JobKey.LORA_DTYPE, DataType.FP32, LLAMA)
          .is(JobKey.LORA_KBIT_PREPARE, false, LLAMA)
          .is(JobKey.CHECKPOINTING, Checkpointing.OFFLOADED, LLAMA)
          .is(JobKey.CHECKPOINTING_REENTRANT, true, "unsloth_zoo/gradient_checkpointing.py")
          .is(JobKey.ATTENTION, AttentionKernel.FLASH, LLAMA)
          .is(JobKey.LOSS, LossKernel.CHUNKED, "unsloth_zoo/loss_utils.py")
          .does(JobKey.EXPANDABLE_SEGMENTS, "unsloth_zoo/__init__.py", d -> d.torchAtLeast(2, 2))
          .is(
              CodeKey.LOSS_CHUNKS,
              new LossChunks.Fused(
                  GIB_OF_LOGITS, "Unsloth's loss takes chunks of 1 GiB of fp32 logits."),
              "unsloth_zoo/fused_losses/cross_entropy_loss.py")
          .is(CodeKey.LIGER, false, LLAMA)
          .is(CodeKey.STRATEGIES, List.of(Strategy.DDP), LOADER)
          .is(CodeKey.STACK, LaunchStack.FUSED, "unsloth/kernels")
          .is(CodeKey.FUSED_DEQUANTISING, true, "unsloth/kernels/utils.py fast_dequantize")
          .done();

  private Unsloth() {}

  private static DataType loadDtype(PartialJob d) {
    boolean half =
        d.isSet(JobKey.PRECISION, Precision.FP16)
            || d.isSet(JobKey.PRECISION, Precision.FP16_MIXED);
    return half ? DataType.FP16 : DataType.BF16;
  }
}
