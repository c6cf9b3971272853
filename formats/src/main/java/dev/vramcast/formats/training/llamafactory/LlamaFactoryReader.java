package dev.vramcast.formats.training.llamafactory;

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
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.Checkpoints;
import dev.vramcast.formats.training.trainer.CpuOptimizer;
import dev.vramcast.formats.training.trainer.Evaluations;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.formats.training.trainer.TrainerSpread;
import dev.vramcast.formats.training.trainer.TrainerStep;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** LLaMA-Factory's flat files, and the same keys behind its command. */
public final class LlamaFactoryReader implements ConfigReader {

  private static final KeyTable KEYS =
      KeyTable.of(LlamaFactoryReader.class, "keys.tsv").over(TrainerStep.KEYS);

  /** What else a file may say that it does. */
  private static final List<String> ELSE =
      List.of("do_predict", "do_eval", "export_dir", "infer_backend");

  /** What a file says that trains; one that talks to a model has none, nor any of the others. */
  private static final List<String> TRAINING =
      List.of(
          "stage",
          "lora_rank",
          "lora_target",
          "output_dir",
          "learning_rate",
          "num_train_epochs",
          "max_steps",
          "per_device_train_batch_size",
          "gradient_accumulation_steps",
          "dataset");

  @Override
  public FormatName name() {
    return FormatName.LLAMA_FACTORY;
  }

  private static final int OF_FOLDER = 4;

  private static final List<String> OWN =
      List.of("finetuning_type", "stage", "template", "cutoff_len", "pref_loss", "infer_backend");

  /** Keys that only its files have; that for cutting is had by many. */
  private static final List<String> ITS =
      List.of(
          "finetuning_type",
          "stage",
          "template",
          "lora_target",
          "quantization_bit",
          "pref_loss",
          "infer_backend",
          "dataset_dir");

  /** What it refuses as keys that it does not have, which settings of others' programs have. */
  private static final List<String> REFUSED =
      List.of(
          "load_in_4bit",
          "load_in_8bit",
          "lora_target_modules",
          "target_modules",
          "lora_r",
          "use_lora",
          "use_peft");

  /** The form of its templates' names (data/template.py): {@code qwen2.5_vl}, {@code glm4-0414}. */
  private static final Pattern TEMPLATE =
      Pattern.compile("(?!.*\\.(?i:jinja2?|py|txt|json|ya?ml|tpl|md)$)[\\w.-]{1,60}");

  /** Its own, and those of ChatGLM-Efficient-Tuning, which it was. */
  private static final Pattern SCRIPT =
      Pattern.compile(
          "(?:.*/)?(?:train|train_bash|train_(?:sft|pt|rm|ppo|dpo)|finetune|launcher)\\.py");

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    if (file.form() == Form.PROGRAM || !file.has("model_name_or_path")) {
      return Recognition.NONE;
    }
    int told =
        file.count(
            "finetuning_type",
            "stage",
            "template",
            "cutoff_len",
            "lora_target",
            "quantization_bit",
            "lora_rank",
            "pref_loss",
            "export_dir",
            "infer_backend");
    if (told > 0 && !isOthers(file)) {
      return new Recognition(8 + 4 * told);
    }
    // Recipes of others name a folder so too, beside keys of theirs.
    return file.has("dataset_dir") ? new Recognition(OF_FOLDER) : Recognition.NONE;
  }

  /** A program of somebody else's that has names for LoRA and cutting as LLaMA-Factory has. */
  private static boolean isOthers(TrainingFile file) {
    if (file.form() == Form.TREE
        && file.command().isEmpty()
        && ITS.stream().noneMatch(key -> isIts(file, key))
        && REFUSED.stream().anyMatch(file::has)) {
      return true;
    }
    return OWN.stream().noneMatch(file::has)
        && file.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> word.endsWith(".py") && !SCRIPT.matcher(word).matches());
  }

  /** A key that only it has; its templates are words, those of others may be files. */
  private static boolean isIts(TrainingFile file, String key) {
    return file.node(key)
        .map(value -> String.valueOf(value.value()))
        .filter(value -> !key.equals("template") || TEMPLATE.matcher(value).matches())
        .isPresent();
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.reads(
        List.of(JobKey.GPU_COUNT),
        () -> job.get("ray_num_workers").ifPresent(workers -> job.put(JobKey.GPU_COUNT, workers)));
    if (file.command().isPresent()) {
      new LauncherOptions(job, file).read();
    }
    Optional<OnMegatron> megatron =
        OnMegatron.is(job) ? Optional.of(new OnMegatron(job)) : Optional.empty();
    megatron.ifPresent(OnMegatron::spread);
    Optional<Setting> checkpointing = new TrainerSpread(job, siblings).read();
    TrainerStep step = new TrainerStep(job);
    step.read();
    step.batchDefault();
    ExampleLimit.ofEach(job, "max_samples", "dataset");
    new Method(job).read();
    Checkpoints.read(job);
    new Step(job, step).read(checkpointing);
    ExpertsOnHost.read(job);
    upcast(job);
    stage(job);
    Exporting.read(job);
    WeightsAlone.readBehind(job, file);
    trains(job, file.form() == Form.TREE);
    megatron.ifPresent(OnMegatron::read);
    CpuOptimizer.settle(job);
    Evaluations.read(job);
    evaluated(job);
    RunArguments.read(job);
    // src/llamafactory/data/mm_plugin.py _preprocess_image
    ImageSizes.ofPixels(job, "image_max_pixels");
    return job.done(name());
  }

  /**
   * transformers/trainer.py, which is given rows of {@code eval_dataset} or {@code val_size}, or
   * those that were tokenized before (llamafactory/data/loader.py).
   */
  private static void evaluated(JobBuilder job) {
    boolean rows =
        job.any("eval_dataset", "tokenized_path").isPresent()
            || job.get("val_size").filter(size -> size.number().signum() > 0).isPresent();
    job.get("eval_strategy")
        .filter(at -> !rows && Evaluations.asks(at))
        .ifPresent(
            at ->
                job.say(
                    FindingCode.REFUSED,
                    at,
                    at.key() + " is refused without eval_dataset and val_size"));
  }

  /**
   * llamafactory/train/sft/workflow.py trains with {@code do_train} alone; a command that documents
   * show in part is taken to be one that trains.
   */
  private static void trains(JobBuilder job, boolean file) {
    if (Exporting.isAlone(job) && job.has(JobKey.WEIGHTS_ALONE)) {
      return;
    }
    if (file
        && !job.isOn("do_train")
        && Stream.concat(TRAINING.stream(), ELSE.stream())
            .allMatch(key -> job.get(key).isEmpty())) {
      job.get("model_name_or_path")
          .ifPresent(
              model ->
                  job.trainsNothing(model, "do_train is not on, and nothing says how to train"));
      return;
    }
    job.get("do_train")
        .filter(Setting::isIdle)
        .ifPresent(off -> job.trainsNothing(off, "do_train is off"));
    ELSE.stream()
        .flatMap(key -> job.get(key).stream())
        .filter(other -> !other.isIdle() && !job.isOn("do_train"))
        .findFirst()
        .ifPresent(
            other ->
                job.trainsNothing(
                    other,
                    other.key() + " is there and do_train is not on" + Exporting.hint(job, other)));
  }

  /** Says what core's rules for LLaMA-Factory do about the base under FSDP2. */
  private static void upcast(JobBuilder job) {
    boolean frozen =
        Stream.of("lora", "dora", "rslora", "pissa", "oft")
            .anyMatch(name -> job.is(JobKey.METHOD, name));
    boolean mixed =
        job.is(JobKey.PRECISION, "bf16-mixed") || job.is(JobKey.PRECISION, "fp16-mixed");
    if (frozen
        && mixed
        && !job.has(JobKey.QUANTIZATION_SCHEME)
        && job.is(JobKey.STRATEGY, "fsdp2")) {
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "fsdp_version",
          "under FSDP2 the accelerate that LLaMA-Factory asks for turns the frozen base to fp32");
    }
  }

  /** hparams/finetuning_args.py: stage and, for preferences, pref_loss. */
  private static void stage(JobBuilder job) {
    Optional<Setting> stage = job.get("stage");
    stage.ifPresent(setting -> StageNames.read(job, setting, setting.word()));
    if (job.is(JobKey.STAGE, "dpo")) {
      job.get("pref_loss").ifPresent(loss -> preference(job, loss));
      job.get("ref_model").ifPresent(model -> job.put(JobKey.REFERENCE, "copy", model));
      job.get("dpo_label_smoothing")
          .filter(share -> !share.isIdle())
          .ifPresent(share -> job.put(JobKey.LABEL_SMOOTHING, share));
    }
    boolean compares = Stream.of("dpo", "kto", "ppo").anyMatch(name -> job.is(JobKey.STAGE, name));
    job.get("finetuning_type")
        .filter(type -> compares && List.of("oft", "freeze").contains(type.word()))
        .ifPresent(
            type ->
                job.say(
                    FindingCode.SURPRISING_DEFAULT,
                    type,
                    "finetuning_type "
                        + type.word()
                        + " has a second model as the reference: only lora turns adapters off"));
    if (Stream.of("dpo", "cpo", "orpo").anyMatch(name -> job.is(JobKey.STAGE, name))) {
      job.take("pref_beta", JobKey.BETA);
    }
    if (job.is(JobKey.STAGE, "kto")) {
      job.any("kto_beta", "pref_beta").ifPresent(beta -> job.put(JobKey.BETA, beta));
    }
    if (job.is(JobKey.STAGE, "ppo")) {
      new Proximal(job).read();
    }
  }

  /** Without a reference, stage dpo is another stage of the job document. */
  private static void preference(JobBuilder job, Setting loss) {
    if (List.of("orpo", "simpo").contains(loss.word())) {
      StageNames.read(job, loss, loss.word());
    } else {
      job.put(JobKey.LOSS_TYPE, loss);
    }
  }
}
