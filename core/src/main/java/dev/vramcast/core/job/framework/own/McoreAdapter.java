package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.rule.FrameworkRules;
import java.util.List;

/** ROLL's mcore_adapter, by which LLaMA-Factory trains on Megatron-Core ({@code USE_MCA}). */
public final class McoreAdapter {

  private static final String ARGUMENTS = "mcore_adapter/src/mcore_adapter/training_args.py";

  private static final String QWEN =
      "mcore_adapter/src/mcore_adapter/models/qwen2_vl/modeling_qwen2_vl.py";

  private static final List<String> MODELS =
      List.of(
          "qwen2_vl",
          "qwen2_5_vl",
          "qwen3_vl",
          "qwen3_vl_moe",
          "qwen3_5",
          "qwen3_5_moe",
          "qwen3_omni_moe");

  public static final FrameworkRules RULES =
      Megatron.RULES
          .derive("mcore-adapter")
          .is(JobKey.EXPERT_TENSOR, 1, ARGUMENTS + " expert_tensor_parallel_size")
          .does(
              JobKey.REDUCE_DTYPE,
              ARGUMENTS + " accumulate_allreduce_grads_in_fp32",
              OwnModels::reduceAsComputed)
          .is(LayerCode.ENCODERS, LayerCode.Encoders.DIVIDED, QWEN + " Qwen2VLModel")
          .is(
              LayerCode.ENCODED_MODELS,
              MODELS,
              "mcore_adapter/src/mcore_adapter/models, register_model")
          .is(
              LayerCode.ENCODER_CHECKPOINTS,
              LayerCode.EncoderCheckpoints.WITH_LAYERS,
              QWEN + " Qwen2VLModel.__init__")
          .is(
              JobKey.FROZEN,
              List.of(FrozenPart.values()),
              "llamafactory/train/mca/workflow.py _freeze_model_parameters")
          .done();

  private McoreAdapter() {}
}
