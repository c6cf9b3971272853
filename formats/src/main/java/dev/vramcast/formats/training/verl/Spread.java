package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.verl.VerlReader.ACTOR;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How actor and reference are divided among GPUs. */
final class Spread {

  private static final String FSDP = ACTOR + "fsdp_config.";

  private final JobBuilder job;

  /** Engines of verl/workers/engine of which nothing is described. */
  private static final List<String> OTHERS =
      List.of("veomni", "torchtitan", "automodel", "mindspeed", "fsdp_turbo", "megatron_lite");

  Spread(JobBuilder job) {
    this.job = job;
  }

  void read(TrainingFile file) {
    Optional<Setting> named = job.get(ACTOR + "strategy").or(() -> job.get("model_engine"));
    boolean megatron =
        named.map(Setting::word).filter("megatron"::equals).isPresent() || isMegatron(file);
    if (megatron) {
      new OnMegatron(job).read();
    } else {
      fsdp(named);
    }
    List<String> away = new ArrayList<>();
    String section = megatron ? OnMegatron.SECTION : FSDP;
    if (job.isOn(section + "param_offload")) {
      away.add("parameters");
    }
    if (job.isOn(section + "optimizer_offload")) {
      away.add("optimizer");
    }
    if (!away.isEmpty()) {
      String key = section + (away.contains("parameters") ? "param_offload" : "optimizer_offload");
      job.put(JobKey.OFFLOAD_WHILE_GENERATING, away, job.get(key).orElseThrow());
    }
  }

  /** A configuration by name, or settings that only Megatron has. */
  private boolean isMegatron(TrainingFile file) {
    boolean named =
        file.node("config_name")
            .map(name -> String.valueOf(name.value()))
            .filter(name -> name.contains("megatron"))
            .isPresent();
    return named || job.get(OnMegatron.SECTION + "tensor_model_parallel_size").isPresent();
  }

  /** verl/workers/engine/fsdp/utils.py create_device_mesh: fsdp_size ranks, copies of them. */
  private void fsdp(Optional<Setting> named) {
    boolean two = named.map(Setting::word).filter("fsdp2"::equals).isPresent();
    boolean one =
        named
            .map(Setting::word)
            .filter(word -> word.equals("fsdp") || word.equals("dp"))
            .isPresent();
    if (named.map(Setting::word).filter(OTHERS::contains).isPresent()) {
      job.notModelled(
          JobKey.STRATEGY,
          named.get(),
          Gap.of("the engine ", named.get().shown())
              .needs("what it divides, gathers and keeps of a micro-batch")
              .modelled("fsdp, fsdp2, megatron"));
      return;
    }
    if (named.isPresent() && !two && !one) {
      throw named.get().unusable("fsdp, fsdp2, megatron");
    }
    named.ifPresent(setting -> job.put(JobKey.STRATEGY, two ? "fsdp2" : "fsdp1", setting));
    job.take(FSDP + "reshard_after_forward", JobKey.RESHARD_AFTER_FORWARD);
    if (job.isOn(FSDP + "offload_policy")) {
      job.put(
          JobKey.OFFLOAD,
          List.of("parameters", "optimizer"),
          job.get(FSDP + "offload_policy").orElseThrow());
    }
    job.get(ACTOR + "ulysses_sequence_parallel_size")
        .or(() -> job.get(FSDP + "ulysses_sequence_parallel_size"))
        .filter(degree -> degree.whole() > 1)
        .ifPresent(
            degree -> {
              job.put(JobKey.CONTEXT, degree);
              job.put(JobKey.SEQUENCE_SCHEME, "ulysses", degree);
            });
    job.get(FSDP + "fsdp_size").filter(size -> size.whole() > 0).ifPresent(this::mesh);
  }

  /** Shards over so many GPUs, those of a sequence among them, and copies over the others. */
  private void mesh(Setting size) {
    int gpus = job.whole(JobKey.GPU_COUNT).orElse(1);
    int degree = job.whole(JobKey.CONTEXT).orElse(1);
    if (size.whole() < gpus && gpus % size.whole() == 0 && size.whole() % degree == 0) {
      job.put(JobKey.SHARD, size.whole() / degree, size);
      job.put(JobKey.REPLICATE, gpus / size.whole(), size);
    }
  }
}
