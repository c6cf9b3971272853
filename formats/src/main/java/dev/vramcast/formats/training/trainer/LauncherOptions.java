package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How many processes a command line starts. */
public final class LauncherOptions {

  private static final List<String> PER_MACHINE =
      List.of("nproc_per_node", "nproc-per-node", "num_gpus");
  private static final List<String> MACHINES = List.of("nnodes", "num_machines", "num_nodes");

  private final JobBuilder job;
  private final TrainingFile file;

  public LauncherOptions(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  /** Takes the number of GPUs and of machines from the launcher's options and the environment. */
  public void read() {
    job.take("num_processes", JobKey.GPU_COUNT);
    if (file.command().isEmpty()) {
      return;
    }
    Map<String, Node> options = file.command().get().launcher();
    Map<String, Node> variables = file.command().get().environment();
    get(variables, List.of("PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF"))
        .filter(setting -> setting.shown().contains("expandable_segments:True"))
        .ifPresent(setting -> job.put(JobKey.EXPANDABLE_SEGMENTS, true, setting));
    job.reads(
        List.of(JobKey.GPU_COUNT),
        () -> {
          get(options, List.of("num_processes"))
              .ifPresent(setting -> job.put(JobKey.GPU_COUNT, setting));
          get(options, PER_MACHINE)
              .or(() -> get(variables, List.of("NPROC_PER_NODE")))
              .filter(LauncherOptions::isCount)
              .ifPresent(setting -> count(setting, options, variables));
          if (!job.has(JobKey.GPU_COUNT)) {
            get(variables, List.of("CUDA_VISIBLE_DEVICES"))
                .filter(setting -> setting.shown().matches("\\d+(,\\d+)*"))
                .ifPresent(this::visible);
          }
        });
  }

  /** GPUs of a machine times machines; {@code gpu} and {@code auto} leave the count open. */
  private void count(Setting each, Map<String, Node> options, Map<String, Node> variables) {
    Optional<Setting> machines =
        get(options, MACHINES)
            .or(() -> get(variables, List.of("NNODES")))
            .filter(LauncherOptions::isCount);
    int nodes = Math.max(1, machines.map(Setting::whole).orElse(1));
    job.put(JobKey.GPU_COUNT, (int) Math.min(1_000_000, (long) each.whole() * nodes), each);
    if (nodes > 1) {
      job.put(JobKey.NODES, machines.orElseThrow());
    }
  }

  private void visible(Setting devices) {
    int count = devices.shown().split(",").length;
    job.put(JobKey.GPU_COUNT, BigDecimal.valueOf(count), devices);
  }

  private Optional<Setting> get(Map<String, Node> from, List<String> names) {
    return names.stream()
        .flatMap(name -> setting(from, name).stream())
        .findFirst()
        .filter(setting -> !setting.isNothing());
  }

  private Optional<Setting> setting(Map<String, Node> from, String name) {
    return Optional.ofNullable(from.get(name)).map(node -> new Setting(file.name(), name, node));
  }

  private static boolean isCount(Setting setting) {
    return setting.isVariable()
        || !List.of("gpu", "auto", "cpu").contains(setting.shown().toLowerCase(Locale.ROOT));
  }
}
