package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.verl.VerlReader.ACTOR;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.megatron.OffloadedOptimizer;
import dev.vramcast.formats.training.megatron.Recomputation;
import dev.vramcast.formats.training.megatron.WholeStates;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;

/**
 * An actor on Megatron-Core, whose own settings stand in {@code override_transformer_config}
 * (verl/workers/engine/megatron/transformer_impl.py).
 */
final class OnMegatron {

  static final String SECTION = ACTOR + "megatron.";

  private static final String TRANSFORMER = SECTION + "override_transformer_config.";
  private static final String OPTIMIZER = ACTOR + "optim.override_optimizer_config.";

  private static final List<String> STATES =
      List.of(
          ACTOR + "optim.", OPTIMIZER, "critic.optim.", "critic.optim.override_optimizer_config.");

  private final JobBuilder job;

  OnMegatron(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.put(JobKey.STRATEGY, "megatron", job.get(ACTOR + "strategy").orElse(first()));
    job.takeWay(SECTION + "tensor_model_parallel_size", JobKey.TENSOR);
    job.takeWay(SECTION + "pipeline_model_parallel_size", JobKey.PIPELINE);
    job.takeWay(SECTION + "virtual_pipeline_model_parallel_size", JobKey.VIRTUAL_PIPELINE);
    job.takeWay(SECTION + "context_parallel_size", JobKey.CONTEXT);
    job.takeWay(SECTION + "expert_model_parallel_size", JobKey.EXPERT);
    job.take(SECTION + "expert_tensor_parallel_size", JobKey.EXPERT_TENSOR);
    // verl/models/mcore/config_converter.py: where features are divided, whatever the key says.
    if (job.isOff(SECTION + "sequence_parallel") && !job.divides(JobKey.TENSOR)) {
      job.take(SECTION + "sequence_parallel", JobKey.SEQUENCE_PARALLEL);
    }
    job.reads(List.of(JobKey.CHECKPOINTING), this::recompute);
    job.reads(List.of(JobKey.OFFLOAD), () -> OffloadedOptimizer.read(job, OPTIMIZER));
    WholeStates.read(job, SECTION + "use_distributed_optimizer");
    job.reads(List.of(JobKey.OPTIMIZER_STATE_DTYPE), () -> STATES.forEach(this::states));
  }

  /** Dtypes by the optimizer's own keys and by those that are handed to Megatron as they are. */
  private void states(String optimizer) {
    Dtypes.countedInFp32(
        job,
        optimizer + "exp_avg_dtype",
        optimizer + "exp_avg_sq_dtype",
        optimizer + "main_grads_dtype",
        optimizer + "main_params_dtype");
  }

  private Setting first() {
    return job.get(SECTION + "tensor_model_parallel_size")
        .or(() -> job.get(VerlReader.MODEL + "path"))
        .orElse(
            new Setting(job.file(), ACTOR + "strategy", new Node.Scalar("megatron", Mark.NONE)));
  }

  /** megatron/core/transformer/transformer_config.py: nothing is recomputed without a word. */
  private void recompute() {
    Optional<Setting> granularity = job.get(TRANSFORMER + "recompute_granularity");
    if (granularity.isEmpty()) {
      return;
    }
    String word = granularity.get().word();
    if (!word.equals("full") && !word.equals("selective")) {
      throw granularity.get().unusable("full, selective");
    }
    job.put(JobKey.CHECKPOINTING, word, granularity.get());
    Recomputation.read(job, TRANSFORMER, word, "Megatron-Core's");
  }
}
