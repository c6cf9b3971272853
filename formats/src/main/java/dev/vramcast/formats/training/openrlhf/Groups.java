package dev.vramcast.formats.training.openrlhf;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Nodes;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** GPUs of the actor, the models beside it, and the engines. */
final class Groups {

  private final JobBuilder job;

  /** A share that leaves little to what is trained beside it. */
  private static final BigDecimal MOST_OF_A_CARD = new BigDecimal("0.9");

  Groups(JobBuilder job) {
    this.job = job;
  }

  void read() {
    boolean dotted = job.any("actor.num_gpus_per_node", "actor.num_nodes").isPresent();
    Nodes.read(
        job,
        dotted ? "actor.num_gpus_per_node" : "actor_num_gpus_per_node",
        dotted ? "actor.num_nodes" : "actor_num_nodes",
        8);
    job.reads(List.of(JobKey.ENGINE), this::engine);
    take(JobKey.ENGINE_TENSOR, "vllm.tensor_parallel_size", "vllm_tensor_parallel_size");
    take(JobKey.ENGINE_FRACTION, "vllm.gpu_memory_utilization", "vllm_gpu_memory_utilization");
    boolean together = colocated().isPresent();
    if (!together && !job.is(JobKey.REFERENCE, "none")) {
      others();
    }
  }

  private Optional<Setting> colocated() {
    return job.any("train.colocate_all", "colocate_all_models").filter(Setting::bool);
  }

  /** {@code vllm.num_engines} 0, and no such option, is generation by the actor itself. */
  private void engine() {
    Optional<Setting> engines = job.any("vllm.num_engines", "vllm_num_engines");
    if (engines.isEmpty() || engines.get().whole() == 0) {
      if (engines.isPresent()) {
        job.put(JobKey.ENGINE, "transformers", engines.get());
      } else {
        job.put(JobKey.ENGINE, "transformers");
      }
      return;
    }
    Optional<Setting> together = colocated();
    Optional<Setting> ahead = job.any("train.async_enable", "async_train").filter(Setting::bool);
    // Asynchronous training has engines apart, whatever else shares cards (cli/train_ppo_ray.py).
    if (together.isPresent() && ahead.isEmpty()) {
      job.put(JobKey.ENGINE, "vllm-colocate", together.get());
      sleep();
      return;
    }
    job.put(JobKey.ENGINE, "vllm-server", engines.get());
    int each =
        job.any("vllm.tensor_parallel_size", "vllm_tensor_parallel_size")
            .map(Setting::whole)
            .orElse(1);
    job.put(JobKey.ENGINE_GPUS, engines.get().times(each), engines.get());
    ahead.ifPresent(on -> job.put(JobKey.ENGINE_AHEAD, true, on));
  }

  /** openrlhf/trainer/ray/vllm_engine.py sleeps at level 2; DeepSpeed's states go to the host. */
  private void sleep() {
    Optional<Setting> sleeps =
        job.any("vllm.enable_sleep", "vllm_enable_sleep").filter(Setting::bool);
    sleeps.ifPresent(on -> job.put(JobKey.ENGINE_SLEEP, 2, on));
    Optional<Setting> share = job.any("vllm.gpu_memory_utilization", "vllm_gpu_memory_utilization");
    if (share.isEmpty() && sleeps.isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "vllm_gpu_memory_utilization",
          "vllm_gpu_memory_utilization is missing: engines take 0.95 of each card, and do not sleep"
              + " while models beside them are trained");
    }
    share
        .filter(at -> sleeps.isEmpty() && at.number().compareTo(MOST_OF_A_CARD) >= 0)
        .ifPresent(
            at ->
                job.say(
                    FindingCode.SURPRISING_DEFAULT,
                    at,
                    "engines that do not sleep keep "
                        + at.shown()
                        + " of each card while models beside them are trained"));
    job.any("ds.enable_sleep", "deepspeed_enable_sleep")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OFFLOAD_WHILE_GENERATING, List.of("optimizer"), on));
  }

  /** Each model has GPUs of its own unless it shares those of another one. */
  private void others() {
    boolean reference =
        job.any("train.colocate_actor_ref", "colocate_actor_ref").filter(Setting::bool).isPresent();
    if (!reference) {
      job.say(
          FindingCode.NOT_COUNTED,
          "ref.num_gpus_per_node",
          "the reference has GPUs of its own without colocate_actor_ref: it is counted beside the"
              + " actor");
    }
  }

  private void take(JobKey key, String... names) {
    job.any(names).ifPresent(setting -> job.reads(List.of(key), () -> job.put(key, setting)));
  }
}
