package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.trainer.DeepSpeedKey;
import dev.vramcast.formats.training.trainer.Fsdp;
import dev.vramcast.formats.training.trainer.TrainerSpread;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How Axolotl spreads a job over GPUs. */
final class Spread {

  private final JobBuilder job;
  private final SiblingFiles siblings;

  Spread(JobBuilder job, SiblingFiles siblings) {
    this.job = job;
    this.siblings = siblings;
  }

  void read() {
    job.reads(List.of(JobKey.STRATEGY), this::strategy);
    job.reads(List.of(JobKey.CONTEXT), this::context);
    job.reads(List.of(JobKey.GPU_COUNT), this::count);
  }

  private void strategy() {
    Optional<Setting> fsdp =
        job.get("fsdp_config").or(() -> job.get("fsdp")).filter(value -> !value.isIdle());
    Optional<Setting> deepspeed = job.get("deepspeed").filter(value -> !value.isIdle());
    if (fsdp.isPresent() && deepspeed.isPresent()) {
      job.say(FindingCode.REFUSED, deepspeed.get(), "deepspeed is refused beside fsdp");
    }
    if (fsdp.isPresent()) {
      sharded(fsdp.get());
    } else {
      deepspeed.ifPresent(setting -> DeepSpeedKey.read(job, setting, siblings));
    }
  }

  private void sharded(Setting fsdp) {
    Optional<Setting> version =
        job.get("fsdp_version")
            .or(() -> job.get("fsdp_config.fsdp_version"))
            .or(() -> job.get("fsdp_config.version"));
    int number = version.map(Setting::whole).orElse(1);
    if (number != 1 && number != 2) {
      throw version.orElseThrow().unusable("1, 2");
    }
    job.put(JobKey.STRATEGY, number == 2 ? Strategy.FSDP2 : Strategy.FSDP1, version.orElse(fsdp));
    if (version.isEmpty()) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          fsdp,
          "fsdp_version is missing: Axolotl takes FSDP1, whose trained parameters are fp32");
    }
    job.get("fsdp_config.offload_params")
        .filter(Setting::bool)
        .ifPresent(setting -> job.put(JobKey.OFFLOAD, List.of("parameters"), setting));
    job.get("fsdp_config.reshard_after_forward").ifPresent(this::reshard);
    job.reads(List.of(JobKey.LAYER_CLASSES), this::layers);
    job.take("fsdp_config.cpu_ram_efficient_loading", JobKey.FIRST_RANK_LOADS);
    // utils/trainer.py: one rank loads where that is asked for alone.
    if (!job.has(JobKey.FIRST_RANK_LOADS)) {
      job.put(JobKey.FIRST_RANK_LOADS, false, fsdp);
    }
    Optional<Setting> policy = job.get("fsdp_config.auto_wrap_policy");
    policy.ifPresent(given -> Fsdp.bySize(job, policy, Optional.empty()));
    policy
        .filter(setting -> setting.word().equals("no_wrap"))
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    "auto_wrap_policy NO_WRAP gathers the whole model: layers are counted one by"
                        + " one"));
  }

  private void layers() {
    Optional<Setting> policy = job.get("fsdp_config.auto_wrap_policy");
    Fsdp.layers(job, policy, job.get("fsdp_config.transformer_layer_cls_to_wrap"), false);
  }

  /** A truth value, or the name of a sharding strategy of FSDP1. */
  private void reshard(Setting setting) {
    boolean keeps = setting.word().equals("shard_grad_op");
    job.put(JobKey.RESHARD_AFTER_FORWARD, setting.isBool() ? setting.bool() : !keeps, setting);
  }

  private void context() {
    job.get("sequence_parallel_degree")
        .ifPresent(
            setting -> {
              job.say(
                  FindingCode.RENAMED_KEY,
                  setting,
                  "sequence_parallel_degree is context_parallel_size now");
              if (!job.has(JobKey.CONTEXT)) {
                job.put(JobKey.CONTEXT, setting);
              }
            });
  }

  private void count() {
    Optional<Setting> workers = job.get("ray_num_workers").filter(setting -> job.isOn("use_ray"));
    workers.ifPresent(setting -> job.put(JobKey.GPU_COUNT, setting));
    Optional<Setting> experts =
        job.get("expert_parallel_size").filter(setting -> setting.whole() > 1);
    if (workers.isEmpty() && experts.isPresent()) {
      experts(experts.get());
    }
    boolean coverage =
        workers.isPresent()
            || experts.isPresent()
            || job.has(JobKey.SHARD)
            || job.has(JobKey.REPLICATE)
            || job.divides(JobKey.TENSOR)
            || job.divides(JobKey.CONTEXT);
    if (!coverage) {
      launched();
    }
  }

  /**
   * What Axolotl leaves to accelerate's launcher: all but the precision, which it tells the Trainer
   * itself (utils/config/__init__.py resolve_dtype).
   */
  private void launched() {
    List<JobKey> own =
        Stream.of(JobKey.PRECISION, JobKey.TRAINING_SCHEME, JobKey.TRAINING_IMPLEMENTATION)
            .filter(key -> !job.has(key))
            .toList();
    new TrainerSpread(job, siblings).beside(Optional.empty());
    own.forEach(job::unassume);
  }

  /**
   * Experts and shards are axes of one mesh, so there are as many GPUs as both ask for
   * (axolotl/integrations/expert_parallel/plugin.py).
   */
  private void experts(Setting experts) {
    long shards = Math.max(1, job.get("dp_shard_size").map(Setting::whole).orElse(1));
    long copies = Math.max(1, job.get("dp_replicate_size").map(Setting::whole).orElse(1));
    long count = Math.min(1_000_000, Math.min(1_000_000, experts.whole() * shards) * copies);
    job.put(JobKey.GPU_COUNT, (int) count, experts);
    if (shards > 1) {
      // Everything but experts is sharded over both axes (monkeypatch/accelerate/fsdp2.py).
      job.put(JobKey.SHARD, (int) Math.min(1_000_000, experts.whole() * shards), experts);
    }
  }
}
