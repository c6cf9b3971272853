package dev.vramcast.formats.training.automodel;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code nemo_automodel/components/distributed}: degrees, GPUs and how often a layer runs. */
final class Spread {

  private static final int MACHINE = 8;

  private static final Pattern PROCESSES = Pattern.compile("--nproc[-_]per[-_]node[ =](\\d{1,4})");

  private static final Map<String, JobKey> DEGREES = new LinkedHashMap<>();

  static {
    DEGREES.put("distributed.dp_replicate_size", JobKey.REPLICATE);
    DEGREES.put("distributed.tp_size", JobKey.TENSOR);
    DEGREES.put("distributed.cp_size", JobKey.CONTEXT);
    DEGREES.put("distributed.pp_size", JobKey.PIPELINE);
    DEGREES.put("distributed.ep_size", JobKey.EXPERT);
  }

  private final JobBuilder job;
  private final TrainingFile file;

  Spread(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  void read() {
    new LauncherOptions(job, file).read();
    job.reads(List.of(JobKey.STRATEGY), this::strategy);
    DEGREES.forEach((path, key) -> job.reads(List.of(key), () -> job.takeWay(path, key)));
    job.reads(List.of(JobKey.GPU_COUNT), this::count);
    if (job.isOn("distributed.sequence_parallel") && job.divides(JobKey.TENSOR)) {
      job.put(JobKey.SEQUENCE_PARALLEL, true, JobKey.TENSOR);
    }
    job.reads(List.of(JobKey.RESHARD_AFTER_FORWARD), this::reshard);
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
  }

  private void strategy() {
    job.get("distributed.strategy")
        .ifPresent(
            named -> {
              switch (named.word()) {
                case "fsdp2", "ddp" -> job.put(JobKey.STRATEGY, named.word(), named);
                case "megatron_fsdp" ->
                    job.notModelled(
                        JobKey.STRATEGY,
                        named,
                        Gap.of("strategy megatron_fsdp")
                            .needs("which buffers of Megatron-FSDP hold what it gathers")
                            .modelled("fsdp2, ddp"));
                default -> throw named.unusable("fsdp2, ddp, megatron_fsdp");
              }
            });
  }

  /** Under a pipeline layers stay whole unless told (parallelizer.py, FSDP2Config). */
  private void reshard() {
    job.take("distributed.reshard_after_forward", JobKey.RESHARD_AFTER_FORWARD);
    if (!job.has(JobKey.RESHARD_AFTER_FORWARD) && job.divides(JobKey.PIPELINE)) {
      job.put(JobKey.RESHARD_AFTER_FORWARD, false, JobKey.PIPELINE);
    }
  }

  /**
   * GPUs of the command, of the benchmark or of the test of the recipe; what degrees need at least.
   */
  private void count() {
    if (job.has(JobKey.GPU_COUNT)) {
      return;
    }
    Optional<Setting> nodes = job.any("benchmark.num_nodes", "ci.nodes");
    Matcher command = PROCESSES.matcher(file.header());
    if (nodes.isPresent()) {
      int each = job.get("ci.nproc_per_node").map(Setting::whole).orElse(MACHINE);
      job.put(JobKey.GPU_COUNT, nodes.get().times(each), nodes.get());
      if (nodes.get().whole() > 1) {
        job.put(JobKey.NODES, nodes.get());
      }
    } else if (command.find()) {
      job.put(JobKey.GPU_COUNT, Integer.parseInt(command.group(1)));
      job.say(
          FindingCode.NOT_COUNTED,
          "nproc_per_node",
          "how many GPUs there are is taken from the command at the top: " + command.group(1));
    } else {
      degrees();
    }
  }

  private void degrees() {
    long dense = job.product(List.of(JobKey.TENSOR, JobKey.CONTEXT, JobKey.PIPELINE));
    long experts = (long) job.whole(JobKey.EXPERT).orElse(1) * job.whole(JobKey.PIPELINE).orElse(1);
    int least = (int) Math.min(1_000_000, Math.max(dense, experts));
    if (least == 1) {
      job.assumeOneGpu();
      return;
    }
    job.put(JobKey.GPU_COUNT, least);
    job.say(
        FindingCode.ASSUMED,
        "nproc_per_node",
        "how many GPUs there are is not said, so the "
            + least
            + " that the degrees need are assumed");
  }

  private void checkpointing() {
    Optional<Setting> on =
        job.any("distributed.activation_checkpointing", "parallelizer.activation_checkpointing");
    on.ifPresent(
        setting -> {
          boolean selective = setting.shown().equals("selective");
          String how = selective ? "selective" : setting.bool() ? "full" : "none";
          job.put(JobKey.CHECKPOINTING, how, setting);
        });
  }
}
