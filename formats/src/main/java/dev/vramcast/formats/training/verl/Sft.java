package dev.vramcast.formats.training.verl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.run.ExampleLimit;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The supervised trainer over FSDP, which torchrun starts (verl/trainer/fsdp_sft_trainer.py). */
final class Sft {

  static final String MODEL = "model.partial_pretrain";

  private static final String FSDP = "model.fsdp_config.";

  /** verl/trainer/config/sft_trainer.yaml. */
  private static final RunLength RUN = new RunLength("trainer.total_epochs", 4);

  private static final String EACH = "data.micro_batch_size_per_gpu";

  private final JobBuilder job;
  private boolean ranksAreTold;

  Sft(JobBuilder job) {
    this.job = job;
  }

  void read(TrainingFile given) {
    job.put(JobKey.FRAMEWORK_NAME, "verl-sft");
    job.take(job.get(MODEL).isPresent() ? MODEL : "model.path", JobKey.MODEL_ID);
    if (given.command().isPresent()) {
      new LauncherOptions(job, given).read();
    }
    ranksAreTold =
        job.has(JobKey.GPU_COUNT)
            || job.get("trainer.n_gpus_per_node").filter(gpus -> !gpus.isVariable()).isPresent();
    if (!job.has(JobKey.GPU_COUNT)) {
      Nodes.read(job, "trainer.n_gpus_per_node", "trainer.nnodes", 8);
    }
    job.reads(List.of(JobKey.METHOD), this::method);
    job.reads(List.of(JobKey.STRATEGY), this::spread);
    job.reads(
        List.of(JobKey.MODEL_DTYPE),
        () -> job.get(FSDP + "model_dtype").ifPresent(dtype -> Dtypes.read(job, dtype)));
    job.get("model.enable_gradient_checkpointing")
        .ifPresent(on -> job.put(JobKey.CHECKPOINTING, on.bool() ? "full" : "none", on));
    job.get("model.use_liger")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.LIGER_KERNELS, Arrays.asList(LigerKernel.values()), on));
    job.take("data.max_length", JobKey.SEQUENCE_LENGTH);
    job.reads(List.of(JobKey.MICRO_BATCH), this::microBatch);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::accumulation);
    job.reads(List.of(JobKey.EPOCHS), () -> RUN.read(job, "trainer.total_training_steps"));
    ExampleLimit.ofAll(job, "data.train_max_samples");
  }

  private void method() {
    Optional<Setting> rank = job.get("model.lora_rank").filter(ranks -> ranks.whole() > 0);
    if (rank.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, "lora", rank.get());
    job.put(JobKey.LORA_RANK, rank.get());
    job.take("model.lora_alpha", JobKey.LORA_ALPHA);
    Targets.take(job, job.get("model.target_modules"));
  }

  private void spread() {
    Optional<Setting> named = job.get("model.strategy");
    if (named.isEmpty()) {
      before().ifPresent(older -> job.put(JobKey.STRATEGY, "fsdp1", older));
    } else {
      String strategy =
          switch (named.get().word()) {
            case "fsdp" -> "fsdp1";
            case "fsdp2" -> "fsdp2";
            default -> throw named.get().unusable("fsdp, fsdp2");
          };
      job.put(JobKey.STRATEGY, strategy, named.get());
    }
    job.get(FSDP + "cpu_offload")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"), on));
    job.get("ulysses_sequence_parallel_size")
        .filter(degree -> degree.whole() > 1)
        .ifPresent(
            degree -> {
              job.put(JobKey.CONTEXT, degree);
              // Without padding, as the trainer asserts.
              job.put(JobKey.PADDING, "packed", degree);
            });
  }

  /**
   * What only the trainer before 0.4 has, which knew FSDP1 alone: a batch of all processes, or a
   * whole configuration (its {@code wrap_policy} is in no command) without {@code strategy}.
   */
  private Optional<Setting> before() {
    return ofAll().or(() -> job.get(FSDP + "wrap_policy"));
  }

  /** {@code _normalize_config_bsz} of releases without the key of a GPU divided it. */
  private Optional<Setting> ofAll() {
    return job.get("data.micro_batch_size").filter(all -> job.get(EACH).isEmpty());
  }

  private void microBatch() {
    job.get(EACH).ifPresent(each -> job.put(JobKey.MICRO_BATCH, each));
    ofAll()
        .ifPresent(
            all -> {
              divides(all, all.whole(), Nodes.count(job));
              job.put(JobKey.MICRO_BATCH, Math.max(1, all.whole() / Nodes.count(job)), all);
              job.assume(
                  all,
                  "data.micro_batch_size is that of all processes, as verl had it before"
                      + " data.micro_batch_size_per_gpu"
                      + (job.get("model.strategy").isPresent()
                          ? ""
                          : ": FSDP1 is counted, which its trainer of that time has alone"));
            });
  }

  /** {@code _normalize_config_bsz} asserts it of both batches. */
  private void divides(Setting batch, int rows, int ranks) {
    if (ranksAreTold && rows % ranks != 0) {
      job.say(
          FindingCode.REFUSED,
          batch,
          batch.key() + " is " + rows + ", which is refused on " + ranks + " ranks; ",
          JobKey.GPU_COUNT,
          " has to divide it");
    }
  }

  /** As it asserts since a micro-batch is that of a GPU. */
  private void divides(Setting batch, int ranks) {
    int rows = batch.whole();
    divides(batch, rows, ranks);
    job.get(EACH)
        .filter(each -> ranksAreTold && rows % ranks == 0)
        .filter(each -> each.whole() > 0 && rows / ranks % each.whole() != 0)
        .ifPresent(
            each ->
                job.say(
                    FindingCode.REFUSED,
                    batch,
                    batch.key()
                        + " is "
                        + rows / ranks
                        + " a rank, which is refused: "
                        + EACH
                        + " ("
                        + each.whole()
                        + ") does not divide it"));
  }

  /** A batch is that of all processes, 256 where nothing is said. */
  private void accumulation() {
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(4);
    int ranks = Math.max(1, Nodes.count(job) / job.whole(JobKey.CONTEXT).orElse(1));
    Optional<Setting> batch = job.get("data.train_batch_size");
    batch.ifPresent(all -> divides(all, ranks));
    int steps = Math.max(1, batch.map(Setting::whole).orElse(256) / ranks / micro);
    if (batch.isPresent()) {
      job.put(JobKey.GRAD_ACCUM, steps, batch.get());
    } else {
      job.put(JobKey.GRAD_ACCUM, steps);
    }
  }
}
