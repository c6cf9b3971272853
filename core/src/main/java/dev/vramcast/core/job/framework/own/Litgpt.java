package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;

/** LitGPT 0.5. */
public final class Litgpt {

  private static final String VALIDATE = "litgpt/finetune/lora.py validate";
  private static final String LORA = "litgpt/finetune/lora.py";
  private static final String MERGE = "litgpt/scripts/merge_lora.py merge_lora";
  private static final String MODEL = "litgpt/model.py";
  private static final String PLUGIN = "lightning/fabric/plugins/precision/bitsandbytes.py";

  public static final FrameworkRules RULES =
      OwnModels.table("litgpt", "litgpt/model.py")
          // Its command has no option for the first; config_hub leaves the second to it.
          .leftOut(JobKey.CHECKPOINTING, JobKey.LORA_TARGETS)
          .is(JobKey.PRECISION, Precision.BF16_MIXED, "litgpt/utils.py")
          // "Quantization and mixed precision is not supported."
          .first(
              JobKey.PRECISION,
              Rule.framework("litgpt: " + LORA + " setup", d -> Precision.BF16)
                  .when(PartialJob::isKbit))
          .does(
              JobKey.MODEL_DTYPE,
              "litgpt/utils.py",
              d ->
                  CommonRules.isMixed(d.precision())
                      ? DataType.FP32
                      : CommonRules.dtype(d.precision()))
          .is(JobKey.LORA_RANK, 8, LORA)
          .is(JobKey.LORA_ALPHA, 16.0, LORA)
          .is(JobKey.LORA_DROPOUT, 0.05, LORA)
          .is(JobKey.LORA_TARGETS, LoraTargets.QUERY_VALUE, LORA)
          .does(JobKey.GRAD_ACCUM, "litgpt/args.py", Litgpt::accumulation)
          .is(JobKey.LOSS, LossKernel.CHUNKED, "litgpt/utils.py chunked_cross_entropy")
          .is(LossCode.FUSED, LossKernel.CHUNKED, "litgpt/utils.py chunked_cross_entropy")
          .is(JobKey.PADDING, Padding.LONGEST, "litgpt/data/base.py")
          .doesWhen(
              JobKey.OPTIMIZER_NAME,
              PartialJob::isKbit,
              "litgpt/utils.py instantiate_bnb_optimizer",
              d -> OptimizerName.PAGED_ADAMW)
          .spreads(LORA, d -> d.method() == Method.FULL ? Strategy.FSDP1 : Strategy.FSDP2)
          .does(
              JobKey.CHECKPOINTING,
              LORA,
              d -> d.whole(JobKey.GPU_COUNT) > 1 ? Checkpointing.FULL : Checkpointing.NONE)
          .does(JobKey.REDUCE_DTYPE, LORA, OwnModels::reduceAsComputed)
          .is(AttentionCode.EXPANDS_HEADS, true, MODEL)
          .is(AttentionCode.FUSED_PROJECTION, true, MODEL + " CausalSelfAttention")
          .is(AttentionCode.CONCATENATES_ROTARY, true, MODEL + " apply_rope")
          .is(AttentionCode.ROTATES_APART, true, MODEL + " CausalSelfAttention.forward")
          .is(LayerCode.TANH_GELU, true, MODEL + " GptNeoxMLP")
          .is(LayerCode.KEEPS_EMBEDDINGS, false, MODEL + " GPT.forward")
          .is(LayerCode.QUANTISES_HALVES, true, PLUGIN + " _Linear4bit")
          .is(LayerCode.QUANTISES_HEAD, true, PLUGIN + " init_context")
          .is(
              LossCode.CHUNKS,
              new LossChunks.Kept(128, "LitGPT's loss takes chunks of 128 tokens."),
              LORA + " lm_head_chunk_size; litgpt/utils.py chunked_cross_entropy")
          .is(
              LossCode.OUTPUTS,
              OutputDtype.FP32,
              "lightning/fabric/plugins/precision/half.py convert_output")
          .does(LoopCode.OUTPUTS, LORA + " fit; lit-gpt, finetune/lora.py get_batch", Litgpt::kept)
          .is(
              SaveCode.WRITER,
              SaveCode.Writer.FABRIC,
              LORA + " save_lora_checkpoint; litgpt/finetune/full.py fit")
          .is(SaveCode.INTERVAL, new SaveCode.Steps(1000), LORA + " save_interval")
          .is(SaveCode.FSDP1, SaveCode.StateDict.FULL, LORA + " state_dict_type")
          .is(SaveCode.FSDP2, SaveCode.StateDict.FULL, LORA + " state_dict_type")
          .doesWhen(JobKey.MERGE, Litgpt::merges, LORA + " main", d -> true)
          .is(SaveCode.MERGE, MergeDevice.CPU, MERGE)
          .is(SaveCode.MERGES_MAPPED, true, MERGE)
          .is(SpreadCode.ADAPTER_UNITS, false, LORA)
          .does(JobKey.EVALUATION_BATCH, VALIDATE, d -> d.whole(JobKey.MICRO_BATCH))
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.OWN, VALIDATE)
          .is(EvaluationCode.WHOLE_LOSS, true, VALIDATE)
          .done();

  private Litgpt() {}

  /** The last adapters, by the first rank; before LitGPT was a package a script of its own did. */
  private static boolean merges(PartialJob d) {
    return d.method().trainsAdapters() && d.torchAtLeast(2, 2) && !d.yes(JobKey.WEIGHTS_ALONE);
  }

  /** As many micro-batches as make 16 sequences over all GPUs, rounded down. */
  private static int accumulation(PartialJob d) {
    return Math.max(1, 16 / d.whole(JobKey.GPU_COUNT) / d.whole(JobKey.MICRO_BATCH));
  }

  /**
   * Before LitGPT was a package it took the longest sample in its first iteration and in no other,
   * which was with PyTorch 2.1 and earlier; so no later one finds outputs as large as its own.
   */
  private static KeptOutputs kept(Framework libraries) {
    return libraries.torch().atLeast(2, 2)
        ? KeptOutputs.INTO_NEXT_STEP
        : KeptOutputs.THROUGH_BACKWARD;
  }
}
