package dev.vramcast.formats.training.swift;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.run.ExampleLimit;
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.run.RunArguments;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.Checkpoints;
import dev.vramcast.formats.training.trainer.CpuOptimizer;
import dev.vramcast.formats.training.trainer.Evaluations;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.formats.training.trainer.StageArguments;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.formats.training.trainer.StageTraps;
import dev.vramcast.formats.training.trainer.TrainerSpread;
import dev.vramcast.formats.training.trainer.TrainerStep;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * ms-swift: the options of {@code swift sft} and {@code megatron sft}, and YAML with the same keys.
 */
public final class SwiftReader implements ConfigReader {

  private static final KeyTable KEYS =
      KeyTable.of(SwiftReader.class, "keys.tsv").over(TrainerStep.KEYS);

  private static final Node.Fields NO_VALUES = new Node.Fields(Map.of(), Mark.NONE);

  /** What {@code swift} starts, by the path or as a module. */
  private static final Pattern CLI = Pattern.compile("(?:.*/)?swift[./]cli[./].*");

  private static final Pattern RLHF = Pattern.compile("(?:.*/)?swift[./]cli[./]rlhf(?:\\.py)?");

  private static final Set<String> STAGES = Set.of("sft", "pt", "rlhf", "swift");

  @Override
  public FormatName name() {
    return FormatName.MS_SWIFT;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    if (file.command().isPresent()) {
      List<String> words = file.command().get().words();
      boolean one =
          words.contains("swift")
              || words.contains("megatron") && words.stream().anyMatch(STAGES::contains)
              || words.stream().anyMatch(word -> CLI.matcher(word).matches());
      return one ? new Recognition(15) : Recognition.NONE;
    }
    boolean model = file.count("model", "model_id_or_path", "model_type") > 0;
    boolean own = KEYS.knowsMost(file.root().fields().keySet());
    int told =
        file.count(
            "tuner_type",
            "train_type",
            "sft_type",
            "split_dataset_ratio",
            "rlhf_type",
            "freeze_vit",
            "target_modules",
            "attn_impl",
            "torch_dtype",
            "tensor_model_parallel_size",
            "recompute_granularity");
    return file.form() == Form.TREE && model && told > 0 && own && !file.has("model_name_or_path")
        ? new Recognition(5 + told)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    TrainingFile file = RayGroups.flattened(given);
    JobBuilder job = new JobBuilder(file, KEYS);
    job.reads(List.of(JobKey.MODEL_ID), () -> model(job));
    new LauncherOptions(job, withEnvironment(file)).read();
    if (isMegatron(file)) {
      new Megatron(job).read();
    } else {
      trainer(job, siblings);
      Devices.check(job, withEnvironment(file));
    }
    new Tuner(job, isMegatron(file)).read();
    Checkpoints.read(job);
    Exporting.read(job, file);
    WeightsAlone.readBehind(job, file);
    stage(job, file);
    if (!isMegatron(file)) {
      job.reads(List.of(JobKey.EVALUATION_BATCHES), () -> Evaluations.readOf(job, evaluated(job)));
      RunArguments.read(job);
    }
    // swift/template/base.py rescales by max_pixels, processors by the variable.
    ImageSizes.ofPixels(job, "max_pixels", withEnvironment(file));
    return job.done(name());
  }

  /** swift/cli/main.py parse_yaml_args: variables that the file sets where nobody else does. */
  private static TrainingFile withEnvironment(TrainingFile file) {
    if (!(file.node("ENV").orElse(null) instanceof Node.Fields variables)) {
      return file;
    }
    Map<String, Node> environment = new LinkedHashMap<>(variables.fields());
    file.command().ifPresent(command -> environment.putAll(command.environment()));
    List<String> words = file.command().map(Command::words).orElse(List.of());
    Map<String, Node> launcher = file.command().map(Command::launcher).orElse(Map.of());
    return new TrainingFile(
        file.name(),
        file.form(),
        file.root(),
        Optional.of(new Command(words, launcher, environment, NO_VALUES, Map.of(), List.of())),
        file.repeats(),
        file.header(),
        file.given());
  }

  private void trainer(JobBuilder job, SiblingFiles siblings) {
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    Presets presets = new Presets(job, siblings);
    Optional<Setting> checkpointing = presets.read();
    if (checkpointing.isEmpty() && !presets.isFile()) {
      TrainerSpread spread = new TrainerSpread(job, siblings);
      checkpointing = presets.ofZero() ? spread.beside(Optional.empty()) : spread.read();
    }
    TrainerStep step = new TrainerStep(job);
    step.read();
    ExampleLimit.behindNames(job, "dataset");
    new Step(job, step).read(checkpointing);
    CpuOptimizer.settle(job);
  }

  /** swift/arguments/sft_args.py: rows of its own, or a share of those that are trained on. */
  private static Optional<Setting> evaluated(JobBuilder job) {
    return job.get("val_dataset")
        .filter(rows -> !rows.isIdle())
        .or(() -> job.get("split_dataset_ratio").filter(share -> share.number().signum() > 0));
  }

  private static boolean isMegatron(TrainingFile file) {
    boolean command =
        file.command().filter(found -> found.words().contains("megatron")).isPresent();
    return command
        || file.count("tensor_model_parallel_size", "recompute_granularity", "global_batch_size")
            > 0;
  }

  private static void model(JobBuilder job) {
    job.get("model").ifPresent(model -> job.put(JobKey.MODEL_ID, model.model(), model));
    // A converted checkpoint is called as the model with this ending in all of its documentation.
    job.get("mcore_model")
        // Until 3.9 it was given to Megatron's own option.
        .or(() -> job.get("load"))
        .filter(model -> !job.has(JobKey.MODEL_ID))
        .ifPresent(
            model -> job.put(JobKey.MODEL_ID, model.model().replaceFirst("-mcore/?$", ""), model));
  }

  /** swift/arguments: rlhf_type is dpo where swift rlhf is not told; task_type is causal_lm. */
  private static void stage(JobBuilder job, TrainingFile file) {
    Optional<Setting> named =
        job.get("rlhf_type")
            .or(() -> job.get("task_type").filter(type -> !type.shown().equals("causal_lm")));
    boolean rlhf =
        file.command().stream()
            .flatMap(found -> found.words().stream())
            .anyMatch(word -> word.equals("rlhf") || RLHF.matcher(word).matches());
    Optional<Setting> served = job.get("teacher_model_server");
    if (served.isPresent()) {
      StageNames.read(job, served.get(), "distillation from a served teacher");
    } else if (named.isPresent()) {
      StageNames.read(job, named.get(), named.get().word());
    } else if (rlhf) {
      StageNames.read(job, "dpo");
    } else if (file.command().isEmpty()) {
      UnnamedStage.read(job);
    }
    StageArguments.read(job);
    if (job.is(JobKey.STAGE, "grpo")) {
      // swift/rlhf_trainers/grpo_trainer.py: its logits are asked beside the rewards.
      job.get("teacher_model")
          .ifPresent(
              teacher ->
                  job.notModelled(
                      JobKey.STAGE, teacher, Gap.of("a teacher beside the rewards of GRPO")));
      new Rollout(job).read();
      if (isMegatron(file)) {
        job.reads(List.of(JobKey.STEPS_PER_GENERATION), new Megatron(job)::rounds);
      }
      StageTraps.group(job);
      StageTraps.sleep(job);
    }
    if (job.is(JobKey.STAGE, "distillation")) {
      new Distillation(job).read();
    }
    if (job.is(JobKey.STAGE, "classification")) {
      job.take("num_labels", JobKey.LABELS);
    }
    job.get("precompute_ref_log_probs")
        .filter(Setting::bool)
        .ifPresent(
            at ->
                job.say(
                    FindingCode.REFUSED, at, "precompute_ref_log_probs is refused by ms-swift"));
    if (job.is(JobKey.STAGE, "dpo")) {
      job.get("ref_model").ifPresent(model -> job.put(JobKey.REFERENCE, "copy", model));
    }
  }
}
