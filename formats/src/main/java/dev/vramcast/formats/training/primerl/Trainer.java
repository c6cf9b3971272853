package dev.vramcast.formats.training.primerl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code prime_rl/configs/trainer.py}: how the model is trained. */
final class Trainer {

  private static final String MODEL = "trainer.model.";

  private final JobBuilder job;

  Trainer(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD), this::method);
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.STRATEGY), this::spread);
    job.reads(List.of(JobKey.MODEL_DTYPE), this::dtypes);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(List.of(JobKey.FROZEN), this::vision);
    job.any("trainer.model.seq_len", "seq_len", "orchestrator.seq_len")
        .ifPresent(
            tokens ->
                job.reads(
                    List.of(JobKey.SEQUENCE_LENGTH),
                    () -> job.put(JobKey.SEQUENCE_LENGTH, tokens)));
  }

  private void method() {
    Optional<Setting> adapters = job.get(MODEL + "lora");
    if (adapters.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, "lora", adapters.get());
    job.take(MODEL + "lora.rank", JobKey.LORA_RANK);
    job.take(MODEL + "lora.alpha", JobKey.LORA_ALPHA);
    job.take(MODEL + "lora.dropout", JobKey.LORA_DROPOUT);
    job.take(MODEL + "lora.modules_to_save", JobKey.LORA_MODULES_TO_SAVE);
    Targets.take(job, job.get(MODEL + "lora.target_modules"));
  }

  /**
   * VLMConfig of prime_rl/configs/shared.py freezes the encoder by default, with what projects into
   * the language model (trainer/model.py freeze_vision_encoder).
   */
  private void vision() {
    Optional<Setting> images = job.any(MODEL + "vlm", "model.vlm");
    if (images.isEmpty()) {
      return;
    }
    if (!(images.get().node() instanceof Node.Fields)) {
      throw images.get().unusable("a section, as [model.vlm]");
    }
    Optional<Setting> stated = images.get().at("freeze_vision_encoder");
    if (stated.map(Setting::bool).orElse(true)) {
      FrozenParts.all(job, stated.orElse(images.get()));
    } else {
      job.put(JobKey.FROZEN, List.of(), stated.orElseThrow());
    }
    job.say(
        FindingCode.NOT_COUNTED,
        images.get(),
        "environments bring images, of which none is counted: ",
        JobKey.IMAGES,
        " says how many a sequence has");
  }

  /** On, and offloaded, unless the one or the other is turned off by the word None. */
  private void checkpointing() {
    boolean off = job.isNull(MODEL + "ac");
    boolean kept = job.isNull(MODEL + "ac_offloading");
    Optional<Setting> mode = job.get(MODEL + "ac.mode");
    boolean selective = mode.map(Setting::word).filter("selective"::equals).isPresent();
    if (off) {
      job.put(JobKey.CHECKPOINTING, "none");
    } else if (selective) {
      job.put(JobKey.CHECKPOINTING, "selective", mode.orElseThrow());
    } else if (kept) {
      job.put(JobKey.CHECKPOINTING, "full");
    }
  }

  private void attention() {
    job.get(MODEL + "attn")
        .filter(named -> !named.word().equals("auto"))
        .ifPresent(named -> AttentionWords.read(job, named));
  }

  private void spread() {
    job.takeWay(MODEL + "dp_replicate", JobKey.REPLICATE);
    job.takeWay(MODEL + "cp", JobKey.CONTEXT);
    job.takeWay(MODEL + "tp", JobKey.TENSOR);
    job.get(MODEL + "ep")
        .filter(degree -> !degree.shown().equals("auto") && degree.whole() > 1)
        .ifPresent(degree -> job.put(JobKey.EXPERT, degree));
    if (job.divides(JobKey.CONTEXT)) {
      // Its ring gathers keys and values, one head after the other.
      String scheme = job.get(MODEL + "cp_style").map(Setting::word).orElse("ring");
      job.put(JobKey.SEQUENCE_SCHEME, scheme.equals("ring") ? "allgather" : scheme, JobKey.CONTEXT);
    }
    job.take(MODEL + "reshard_after_forward", JobKey.RESHARD_AFTER_FORWARD);
    List<String> offloaded = new ArrayList<>();
    Optional<Setting> all = job.get(MODEL + "fsdp_cpu_offload").filter(Setting::bool);
    all.ifPresent(on -> offloaded.addAll(List.of("parameters", "optimizer")));
    Optional<Setting> states = job.get(MODEL + "optim_cpu_offload");
    if (all.isPresent()) {
      job.put(JobKey.OFFLOAD, offloaded, all.get());
    } else if (states.isEmpty()) {
      // OptimizerConfig's states are in host memory by default since 0.8.
      job.put(JobKey.OFFLOAD, List.of("optimizer"));
    } else {
      states
          .filter(Setting::bool)
          .ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("optimizer"), on));
    }
  }

  private void dtypes() {
    job.get(MODEL + "optimization_dtype").ifPresent(dtype -> Dtypes.read(job, dtype));
    Dtypes.reduces(job, MODEL + "reduce_dtype");
    if (job.has(JobKey.MODEL_DTYPE) && job.is(JobKey.MODEL_DTYPE, "bf16")) {
      job.put(JobKey.PRECISION, "bf16", JobKey.MODEL_DTYPE);
    }
  }

  private void optimizer() {
    job.get("trainer.optim.type")
        .ifPresent(
            named -> {
              switch (named.word()) {
                case "adamw", "sgd", "muon" -> job.put(JobKey.OPTIMIZER_NAME, named.word(), named);
                default -> throw named.unusable("adamw, sgd, muon");
              }
            });
  }
}
