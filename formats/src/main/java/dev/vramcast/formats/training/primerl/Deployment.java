package dev.vramcast.formats.training.primerl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;

/** GPUs that train, and those that generate beside them. */
final class Deployment {

  private final JobBuilder job;

  Deployment(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.GPU_COUNT), this::trainers);
    job.reads(List.of(JobKey.ENGINE_GPUS), this::engines);
  }

  /** prime_rl/configs/rl.py: one GPU of a machine, or machines of eight. */
  private void trainers() {
    Optional<Setting> nodes = job.get("deployment.num_train_nodes");
    Optional<Setting> gpus = job.get("deployment.num_train_gpus");
    Optional<Setting> ids = job.get("trainer_gpu_ids");
    if (nodes.isPresent()) {
      job.put(JobKey.GPU_COUNT, nodes.get().times(machine()), nodes.get());
      if (nodes.get().whole() > 1) {
        job.put(JobKey.NODES, nodes.get());
      }
    } else if (gpus.isPresent()) {
      job.put(JobKey.GPU_COUNT, gpus.get());
    } else if (ids.isPresent()) {
      job.put(JobKey.GPU_COUNT, ids.get().words().size(), ids.get());
    } else {
      job.put(JobKey.GPU_COUNT, 1);
    }
  }

  private void engines() {
    Optional<Setting> nodes = job.get("deployment.num_infer_nodes");
    Optional<Setting> gpus = job.get("deployment.num_infer_gpus");
    Optional<Setting> ids = job.get("inference_gpu_ids");
    if (nodes.isPresent()) {
      job.put(JobKey.ENGINE_GPUS, nodes.get().times(machine()), nodes.get());
    } else if (gpus.isPresent()) {
      job.put(JobKey.ENGINE_GPUS, gpus.get());
    } else if (ids.isPresent()) {
      job.put(JobKey.ENGINE_GPUS, ids.get().words().size(), ids.get());
    }
  }

  private int machine() {
    return job.get("deployment.gpus_per_node").map(Setting::whole).orElse(8);
  }
}
