package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.zero.ZeroConfig;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How a job on the Trainer is spread over GPUs: by its own arguments, or by a launcher's file. */
public final class TrainerSpread {

  private static final String ZERO = "zero_optimization";

  private final JobBuilder job;
  private final SiblingFiles siblings;

  public TrainerSpread(JobBuilder job, SiblingFiles siblings) {
    this.job = job;
    this.siblings = siblings;
  }

  /** Takes strategy and count; returns where FSDP's own checkpointing is asked for. */
  public Optional<Setting> read() {
    return beside(arguments());
  }

  /**
   * What a launcher says beside the trainer's own arguments.
   *
   * @param asked where they ask for FSDP's own
   */
  public Optional<Setting> beside(Optional<Setting> asked) {
    Optional<Setting> checkpointing = asked;
    if (!job.has(JobKey.STRATEGY)) {
      checkpointing = launcher();
    }
    job.reads(List.of(JobKey.PRECISION), this::launched);
    Optional<TrainingFile> accelerate = accelerateFile();
    if (accelerate.isPresent()) {
      Optional<Setting> launcher = AccelerateFile.read(job, accelerate.get(), siblings);
      checkpointing = checkpointing.isPresent() ? checkpointing : launcher;
    }
    siblings.given().stream()
        .filter(file -> file.has(ZERO))
        .findFirst()
        .ifPresent(
            file -> {
              if (job.has(JobKey.STRATEGY)) {
                unused(file);
              } else {
                ZeroConfig.read(job, file.name(), "", file.root());
              }
            });
    boolean says =
        List.of("zero_stage", "deepspeed_config_file").stream()
            .anyMatch(option -> job.launcher(option).isPresent());
    if (!job.has(JobKey.STRATEGY) && !says) {
      job.launcher("use_deepspeed").ifPresent(this::unstated);
    }
    boolean counted =
        List.of(JobKey.GPU_COUNT, JobKey.SHARD, JobKey.TENSOR, JobKey.CONTEXT).stream()
            .anyMatch(job::has);
    if (!counted) {
      job.assumeOneGpu();
    }
    return checkpointing;
  }

  /** Says that DeepSpeed's file does nothing where others say that FSDP divides the job. */
  private void unused(TrainingFile file) {
    Stream.of("fsdp1", "fsdp2")
        .filter(name -> job.is(JobKey.STRATEGY, name))
        .forEach(
            name ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    JobBuilder.in(file, ZERO).orElseThrow(),
                    ZERO + " does nothing: the other files divide the job by " + name));
  }

  private Optional<Setting> arguments() {
    Optional<Setting> deepspeed = job.get("deepspeed").filter(setting -> !setting.isIdle());
    if (deepspeed.isPresent()) {
      job.reads(List.of(JobKey.STRATEGY), () -> DeepSpeedKey.read(job, deepspeed.get(), siblings));
      return Optional.empty();
    }
    Optional<Setting> fsdp = job.get("fsdp").filter(setting -> !setting.isIdle());
    if (fsdp.filter(Setting::isVariable).isPresent()) {
      // Whether anything is divided is not known.
      job.reads(List.of(JobKey.STRATEGY), () -> fsdp.get().text());
      return Optional.empty();
    }
    return fsdp.flatMap(this::fsdp);
  }

  /** Options of {@code accelerate launch} (commands/launch.py). */
  private Optional<Setting> launcher() {
    deepSpeed(job.launcher("zero_stage"), job.launcher("deepspeed_config_file"));
    return job.launcher("use_fsdp")
        .flatMap(setting -> new Fsdp(job, job.launcher(), setting).read());
  }

  /** The launcher's precision, for trainers that say none. */
  private void launched() {
    job.launcher("mixed_precision")
        .filter(setting -> !job.has(JobKey.PRECISION))
        .ifPresent(setting -> Dtypes.launched(job, setting, job.launcher("fp8_backend")));
  }

  private void unstated(Setting launcher) {
    job.reads(
        List.of(JobKey.STRATEGY),
        () -> ZeroConfig.unwritten(job, ZeroConfig.UNSTATED_STAGE, launcher));
  }

  /** A configuration of its own stands over the stage, of which accelerate writes one. */
  private void deepSpeed(Optional<Setting> stage, Optional<Setting> path) {
    stage.ifPresent(
        setting ->
            job.reads(
                List.of(JobKey.STRATEGY),
                () -> {
                  if (path.isPresent()) {
                    ZeroConfig.stage(job, setting.whole(), setting);
                  } else {
                    ZeroConfig.unwritten(job, setting.whole(), setting);
                  }
                }));
    path.ifPresent(
        setting ->
            job.reads(List.of(JobKey.STRATEGY), () -> DeepSpeedKey.read(job, setting, siblings)));
  }

  /** {@code full_shard auto_wrap}, as text, as a list or as {@code true}. */
  private Optional<Setting> fsdp(Setting setting) {
    Optional<Setting> section = job.get("fsdp_config").flatMap(this::section);
    Fsdp fsdp = new Fsdp(job, section, setting);
    // training_args.py: the word is the policy that wraps the classes of layers.
    boolean wrapped =
        !setting.isBool() && setting.words().stream().anyMatch("auto_wrap"::equalsIgnoreCase);
    Optional<Setting> checkpointing = fsdp.read(wrapped);
    job.reads(List.of(JobKey.STRATEGY), () -> words(fsdp, setting));
    job.reads(List.of(JobKey.LAYER_CLASSES), this::layers);
    Optional<Setting> size =
        job.get("fsdp_min_num_params")
            .or(() -> section.flatMap(inside -> inside.at("min_num_params")))
            .or(() -> section.flatMap(inside -> inside.at("fsdp_min_num_params")));
    boolean bySize = size.filter(Fsdp::isSize).isPresent();
    if (wrapped && bySize) {
      // training_args.py _process_fsdp_args: a size is asked before classes are.
      Fsdp.bySize(job, Optional.empty(), size);
    } else if (wrapped && !job.has(JobKey.LAYER_CLASSES)) {
      job.put(JobKey.LAYER_CLASSES, Parallelism.LISTED_LAYERS, setting);
    }
    // training_args.py _process_fsdp_args: all ranks load where nothing else is said.
    if (!job.has(JobKey.FIRST_RANK_LOADS)) {
      job.put(JobKey.FIRST_RANK_LOADS, false, setting);
    }
    return checkpointing;
  }

  /** training_args.py before 5.0: what the section does not say. */
  private void layers() {
    job.get("fsdp_transformer_layer_cls_to_wrap")
        .filter(names -> !names.isIdle() && !job.has(JobKey.LAYER_CLASSES))
        .ifPresent(names -> Fsdp.layers(job, names));
  }

  private void words(Fsdp fsdp, Setting setting) {
    if (setting.isBool()) {
      return;
    }
    for (String word : setting.words()) {
      switch (word.toLowerCase(Locale.ROOT)) {
        case "auto_wrap" -> {}
        case "offload" -> job.put(JobKey.OFFLOAD, List.of("parameters"), setting);
        case "fsdp", "fsdp1", "fsdp2" ->
            job.put(JobKey.STRATEGY, word.endsWith("2") ? "fsdp2" : "fsdp1", setting);
        default ->
            fsdp.sharding(
                new Setting(
                    setting.file(), setting.key(), new Node.Scalar(word, setting.node().mark())));
      }
    }
  }

  /** The section itself, or the file that the key names. */
  private Optional<Setting> section(Setting setting) {
    if (setting.node() instanceof Node.Fields) {
      return Optional.of(setting);
    }
    Optional<TrainingFile> file = siblings.find(setting.text());
    if (file.isEmpty()) {
      job.say(
          FindingCode.NOT_COUNTED,
          setting,
          "fsdp_config is a file that is not there: FSDP1 is counted");
    }
    return file.map(found -> new Setting(found.name(), "fsdp_config", found.root()));
  }

  private Optional<TrainingFile> accelerateFile() {
    Optional<TrainingFile> given =
        siblings.given().stream().filter(AccelerateFile::isOne).findFirst();
    return given.or(
        () ->
            job.get("config_file")
                .or(() -> job.launcher("config_file"))
                .or(() -> job.get("accelerate_config"))
                .flatMap(this::named));
  }

  /** A file by its path; the name of one that is not there may still tell. */
  private Optional<TrainingFile> named(Setting setting) {
    Optional<TrainingFile> file = siblings.find(setting.text());
    if (file.isEmpty()) {
      job.reads(List.of(JobKey.STRATEGY), () -> LauncherName.read(job, setting));
    }
    return file;
  }
}
