package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.rule.FrameworkRules;
import java.util.List;

/** ROLL's mcore_adapter, by which LLaMA-Factory trains on Megatron-Core ({@code USE_MCA}). */
public final class McoreAdapter {

  private static final String ARGUMENTS = "mcore_adapter/src/mcore_adapter/training_args.py";

  public static final FrameworkRules RULES =
      Megatron.RULES
          .derive("mcore-adapter")
          .is(JobKey.EXPERT_TENSOR, 1, ARGUMENTS + " expert_tensor_parallel_size")
          .does(
              JobKey.REDUCE_DTYPE,
              ARGUMENTS + " accumulate_allreduce_grads_in_fp32",
              OwnModels::reduceAsComputed)
          .is(
              JobKey.FROZEN,
              List.of(FrozenPart.values()),
              "llamafactory/train/mca/workflow.py _freeze_model_parameters")
          .done();

  private McoreAdapter() {}
}
