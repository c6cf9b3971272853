package dev.vramcast.formats.training.trainer;

import static dev.vramcast.formats.training.JobBuilder.in;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.RotateMethod;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.zero.ZeroConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A configuration of {@code accelerate launch}: accelerate/commands/config/config_args.py. */
public final class AccelerateFile {

  /** Classes whose parameters stage 3 gathers together (set_z3_leaf_modules). */
  private static final String LEAVES = "deepspeed_moe_layer_cls_names";

  private static final String MIXED = "mixed_precision";

  private final JobBuilder job;
  private final TrainingFile file;
  private final SiblingFiles siblings;

  private AccelerateFile(JobBuilder job, TrainingFile file, SiblingFiles siblings) {
    this.job = job;
    this.file = file;
    this.siblings = siblings;
  }

  /** Whether a file is one. */
  public static boolean isOne(TrainingFile file) {
    return file.has("distributed_type") || file.has("compute_environment");
  }

  /** Takes what the job does not say yet; returns where FSDP's checkpointing is asked for. */
  public static Optional<Setting> read(JobBuilder job, TrainingFile file, SiblingFiles siblings) {
    return new AccelerateFile(job, file, siblings).read();
  }

  private Optional<Setting> read() {
    job.reads(List.of(JobKey.GPU_COUNT), this::count);
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.TENSOR), this::degrees);
    Optional<Setting> type = in(file, "distributed_type");
    if (type.isEmpty() || job.has(JobKey.STRATEGY)) {
      return Optional.empty();
    }
    return switch (type.get().shown().toUpperCase(Locale.ROOT)) {
      case "FSDP" -> new Fsdp(job, in(file, "fsdp_config"), type.get()).read();
      case "DEEPSPEED" -> {
        job.reads(List.of(JobKey.STRATEGY), () -> deepSpeed(type.get()));
        yield Optional.empty();
      }
      case "MEGATRON_LM" -> {
        job.say(FindingCode.NOT_COUNTED, type.get(), "distributed_type MEGATRON_LM is not counted");
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private void count() {
    put("num_processes", JobKey.GPU_COUNT);
    int gpus = job.whole(JobKey.GPU_COUNT).orElse(1);
    in(file, "num_machines")
        .filter(setting -> LauncherOptions.isTold(setting.whole(), gpus))
        .ifPresent(setting -> put("num_machines", JobKey.NODES));
  }

  private void put(String path, JobKey key) {
    in(file, path)
        .filter(setting -> !job.has(key) && setting.whole() > 0)
        .ifPresent(setting -> job.put(key, setting));
  }

  private void precision() {
    Optional<Setting> mixed = in(file, MIXED).filter(value -> value.node().value() != null);
    boolean asked = job.has(JobKey.PRECISION) || job.launcher(MIXED).isPresent();
    if (mixed.isEmpty() || asked) {
      return;
    }
    Optional<Setting> narrow = in(file, "fp8_config");
    Dtypes.launched(job, mixed.get(), narrow.flatMap(section -> section.at("backend")));
    // accelerate/utils/dataclasses.py TERecipeKwargs, which the launcher fills from the section.
    narrow
        .flatMap(section -> section.at("use_mxfp8_block_scaling"))
        .filter(Setting::bool)
        .filter(setting -> job.is(JobKey.TRAINING_IMPLEMENTATION, "transformer-engine"))
        .ifPresent(setting -> job.put(JobKey.TRAINING_SCHEME, "mxfp8", setting));
  }

  private void degrees() {
    way("dp_replicate_size", JobKey.REPLICATE);
    way("dp_shard_size", JobKey.SHARD);
    way("tp_size", JobKey.TENSOR);
    way("cp_size", JobKey.CONTEXT);
    RotateMethod.take(
        job,
        in(file, "parallelism_config")
            .flatMap(
                section ->
                    section
                        .at("parallelism_config_cp_comm_strategy")
                        .or(() -> section.at("cp_comm_strategy"))));
    in(file, "parallelism_config")
        .flatMap(
            section -> section.at("parallelism_config_sp_size").or(() -> section.at("sp_size")))
        .filter(setting -> setting.whole() > 1 && !job.has(JobKey.CONTEXT))
        .ifPresent(setting -> job.put(JobKey.CONTEXT, setting));
  }

  private void way(String name, JobKey key) {
    in(file, "parallelism_config")
        .flatMap(section -> section.at("parallelism_config_" + name).or(() -> section.at(name)))
        .filter(setting -> setting.whole() > 1 && !job.has(key))
        .ifPresent(setting -> job.put(key, setting));
  }

  private void deepSpeed(Setting type) {
    Optional<Setting> section = in(file, "deepspeed_config");
    Optional<Setting> path = section.flatMap(value -> value.at("deepspeed_config_file"));
    if (path.isPresent()) {
      DeepSpeedKey.read(job, path.get(), siblings);
      zeroInit(section);
      return;
    }
    Optional<Setting> stage = section.flatMap(value -> value.at("zero_stage"));
    int number = stage.map(Setting::whole).orElse(ZeroConfig.UNSTATED_STAGE);
    section
        .flatMap(value -> value.at(LEAVES))
        .filter(value -> number == 3)
        .ifPresent(
            value ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    value,
                    value.key() + ": modules are gathered as without it"));
    ZeroConfig.unwritten(job, number, stage.orElse(type));
    List<String> kept =
        List.of("optimizer", "param").stream()
            .filter(what -> number == 3 || what.equals("optimizer"))
            .filter(
                what ->
                    section.flatMap(value -> value.at("offload_" + what + "_device")).isPresent())
            .map(what -> what.equals("param") ? "parameters" : what)
            .toList();
    if (!kept.isEmpty()) {
      job.put(JobKey.OFFLOAD, kept, section.orElse(type));
    }
    zeroInit(section);
    section
        .flatMap(value -> value.at("gradient_accumulation_steps"))
        .filter(value -> !value.shown().equals("auto") && !job.has(JobKey.GRAD_ACCUM))
        .ifPresent(value -> job.put(JobKey.GRAD_ACCUM, value));
  }

  private void zeroInit(Optional<Setting> section) {
    section
        .flatMap(value -> value.at("zero3_init_flag"))
        .filter(value -> job.is(JobKey.STRATEGY, "zero3"))
        .ifPresent(value -> job.put(JobKey.ZERO_INIT, value.bool(), value));
  }
}
