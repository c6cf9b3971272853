package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.llamarecipes.LlamaRecipesCommand;
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.run.InstalledVersions;
import dev.vramcast.formats.training.run.LoopReading;
import dev.vramcast.formats.training.run.OtherModels;
import dev.vramcast.formats.training.run.OwnSections;
import dev.vramcast.formats.training.run.OwnTrainer;
import dev.vramcast.formats.training.run.ProgramSigns;
import dev.vramcast.formats.training.run.RunArguments;
import dev.vramcast.formats.training.run.WrappedModel;
import dev.vramcast.formats.training.text.TrainingFile;
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
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Arguments of scripts on transformers' Trainer: flat YAML or JSON, or the options of a command.
 *
 * @param name TRL, alignment-handbook, which is TRL with data mixtures, or the bare Trainer
 */
public record TrlReader(FormatName name) implements ConfigReader {

  /** The keys of TRL's configurations. */
  public static final KeyTable KEYS =
      KeyTable.of(TrlReader.class, "keys.tsv").over(TrainerStep.KEYS);

  private static final List<String> OF_HANDBOOK =
      List.of("dataset_mixture", "dataset_mixer", "dataset_splits");

  /** transformers/examples/pytorch/language-modeling. */
  private static final Pattern EXAMPLE =
      Pattern.compile("(.*/)?run_(clm|mlm|plm|fim|summarization|translation|seq2seq_qa)\\w*\\.py");

  /** {@code trl sft} and what it starts (trl/cli), which people start themselves too. */
  private static final Pattern COMMAND =
      Pattern.compile("trl|(?:.*/)?trl[./]scripts[./]\\w+(?:\\.py)?");

  private static final int OF_FIREFLY = 40;

  private static final List<String> OF_TRL =
      List.of(
          "use_peft",
          "lora_r",
          "max_length",
          "max_seq_length",
          "packing",
          "dataset_name",
          "lora_target_modules",
          "dtype",
          "accelerate_config",
          "use_peft_lora",
          "num_generations",
          "max_completion_length",
          "dataset_text_field",
          "max_prompt_length",
          "loss_type");

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    if (Programs.isOne(file, name == FormatName.TRANSFORMERS)) {
      return name == FormatName.ALIGNMENT_HANDBOOK ? Recognition.NONE : new Recognition(4);
    }
    boolean model =
        Stream.of("model_name_or_path", "model_name", OwnOptions.base(file))
            .flatMap(key -> file.node(key).stream())
            .anyMatch(named -> !(named instanceof Node.Fields));
    model &= !OwnSections.sectioned(file) && !OwnTrainer.generates(file);
    model &= !OwnTrainer.isOfResults(file, KEYS.knowsMost(file.root().fields().keySet()));
    if (file.form() == Form.PROGRAM || !model && !isTrlCommand(file) || OwnTrainer.isSilent(file)) {
      return Recognition.NONE;
    }
    boolean others =
        Stream.of(
                QloraArguments.isOne(file),
                ChineseAlpaca.isOne(file),
                FsdpQlora.isOne(file),
                LlamaRecipesCommand.isOne(file),
                EngineOptions.isOne(file) && !isTrlCommand(file))
            .anyMatch(known -> known);
    if (others) {
      return name == FormatName.TRANSFORMERS ? new Recognition(8) : Recognition.NONE;
    }
    if (Firefly.isOne(file)) {
      boolean bare = name == FormatName.TRANSFORMERS;
      boolean ours = name != FormatName.ALIGNMENT_HANDBOOK && bare == Firefly.isBare(file);
      return ours ? new Recognition(OF_FIREFLY) : Recognition.NONE;
    }
    return switch (name) {
      case ALIGNMENT_HANDBOOK ->
          OF_HANDBOOK.stream().anyMatch(file::has) ? new Recognition(9) : Recognition.NONE;
      case TRL ->
          isTrlCommand(file) || OF_TRL.stream().anyMatch(file::has) && !isExample(file)
              ? new Recognition(7)
              : Recognition.NONE;
      default -> new Recognition(3);
    };
  }

  @Override
  public Reading read(TrainingFile given, SiblingFiles siblings) {
    if (FsdpQlora.isOne(given)) {
      return FsdpQlora.read(given);
    }
    if (LlamaRecipesCommand.isOne(given)) {
      return LlamaRecipesCommand.read(given);
    }
    boolean qlora = QloraArguments.isOne(given);
    TrainingFile renamed =
        OwnOptions.renamed(
            EngineOptions.renamed(
                Firefly.renamed(
                    ChineseAlpaca.renamed(QloraArguments.renamed(Programs.flat(given))))));
    Abbreviated beginnings = new Abbreviated(given, renamed, KEYS);
    TrainingFile file = beginnings.in(renamed);
    Optional<String> program = OwnTrainer.program(given).or(() -> OwnOptions.settings(given));
    JobBuilder job = new JobBuilder(file, program.isPresent() && !qlora ? KEYS.open() : KEYS);
    boolean bare = name == FormatName.TRANSFORMERS;
    job.put(JobKey.FRAMEWORK_NAME, LoopReading.framework(given).orElse(word(bare)));
    if (!job.has(JobKey.MODEL_ID)) {
      job.take("model_name", JobKey.MODEL_ID);
    }
    Optional<Setting> unsloth = job.get("gradient_checkpointing").filter(TrainerStep::isUnsloth);
    unsloth.ifPresent(checkpoints -> ofUnsloth(job, checkpoints));
    new LauncherOptions(job, file).read();
    LauncherOptions.allocator(job, given);
    LauncherOptions.visible(job, given);
    EngineOptions.read(job, given);
    Optional<Setting> checkpointing = new TrainerSpread(job, siblings).read();
    Stage stage = Stage.of(given);
    Stage.told(given).ifPresent(named -> byName(job, named));
    if (bare) {
      InstalledVersions.read(job, given);
    } else {
      InstalledVersions.read(job, given, "trl");
    }
    if (Xtuner.isOne(given)) {
      job.put(JobKey.TRANSFORMERS_VERSION, Xtuner.TRANSFORMERS);
    }
    boolean prompts = stage == Stage.GRPO && job.isBefore(0, 15);
    if (unsloth.isEmpty()) {
      Releases.read(job, Firefly.isOne(given) ? file : given, bare, stage);
    }
    TrainerStep step = new TrainerStep(job);
    step.read(job.get("total_episodes").filter(all -> stage.countsEpisodes()));
    step.batchDefault();
    job.reads(
        List.of(JobKey.CHECKPOINTING),
        () -> {
          if (stage == Stage.PPO) {
            // Its loop never asks the models for checkpoints (trl/experimental/ppo/ppo_trainer.py).
            checkpointing
                .or(() -> job.get("gradient_checkpointing"))
                .ifPresent(set -> job.put(JobKey.CHECKPOINTING, Checkpointing.NONE, set));
          } else {
            step.checkpointing(!bare, checkpointing);
          }
        });
    new Adapters(job, program).read();
    Tuners.unseen(job, given);
    VisionSwitches.read(job);
    Checkpoints.read(job);
    boolean quantised = job.has(JobKey.QUANTIZATION_SCHEME);
    boolean prepares = Programs.prepares(given);
    if (given.form() == Form.PROGRAM && quantised && (bare || prepares)) {
      job.put(JobKey.LORA_KBIT_PREPARE, prepares);
    } else if (quantised && Firefly.isOne(given)) {
      job.put(JobKey.LORA_KBIT_PREPARE, Firefly.prepares(given));
    }
    if (qlora && job.has(JobKey.QUANTIZATION_SCHEME)) {
      QloraArguments.prepared(job);
    }
    if (quantised && stage == Stage.SFT && !bare) {
      ProgramCheckpoints.ofEarlyTrainer(job, given);
    }
    if (qlora) {
      QloraArguments.say(job, given);
    }
    new Model(job, step, bare, given).read();
    Tuners.narrow(job, given);
    new Rows(job, step, stage, bare, given).read();
    if (stage != Stage.SFT) {
      stage
          .key(given)
          .ifPresentOrElse(
              key -> StageNames.read(job, key, stage.word()),
              () -> StageNames.read(job, stage.word()));
      StageArguments.read(job);
      if (prompts) {
        StageTraps.promptsOfBatch(job);
      }
      StageTraps.gpusOfGroup(job);
      earlyLoop(job, given, stage);
      StageTraps.find(job);
    } else {
      StageNames.ofClass(job, TrainingFile.LOADER);
    }
    dividedSteps(job, given);
    CpuOptimizer.settle(job);
    Evaluations.read(job);
    RunArguments.read(job);
    // Of a processor that a program loads (transformers, image_processing_qwen2_vl.py).
    ImageSizes.ofPixels(job, TrainingFile.PROCESSOR + ".max_pixels");
    ImageSizes.ofProcessor(job, TrainingFile.PROCESSOR + ".size");
    OtherModels.read(job);
    OwnOptions.say(job, given);
    LoopReading.say(job, given);
    beginnings.say(job);
    OwnTrainer.say(job, given);
    WrappedModel.say(job, given);
    if (!qlora || !QloraArguments.isUntold(given)) {
      OwnTrainer.script(job, given, qlora ? "QLoRA's" : bare ? "Transformers'" : "TRL's");
    }
    return job.done(name);
  }

  private static String word(boolean bare) {
    return bare ? FormatName.TRANSFORMERS.label() : FormatName.TRL.label();
  }

  /** Before TRL 0.12 a program steps PPO itself, with a model that has a value head. */
  private static void earlyLoop(JobBuilder job, TrainingFile given, Stage stage) {
    if (stage != Stage.PPO) {
      return;
    }
    Gap gap =
        Gap.of("PPO of TRL before 0.12, which a program steps itself")
            .needs("what its loop holds of a batch of texts")
            .modelled("PPOTrainer of TRL 0.12 to 1.12");
    Optional<Setting> sign = ProgramSigns.ofEarlyPpo(job, given);
    if (sign.isPresent()) {
      job.notModelled(JobKey.STAGE, sign.get(), gap);
    } else if (job.isBefore(0, 12)) {
      job.notModelled(JobKey.STAGE, gap);
    }
  }

  /** Says that a program divides its accumulation by the processes that it is started as. */
  private static void dividedSteps(JobBuilder job, TrainingFile given) {
    boolean divides =
        given.form() == Form.PROGRAM
            && job.has(JobKey.GRAD_ACCUM)
            && !job.has(JobKey.GPU_COUNT)
            && ProgramSigns.dividesByProcesses(given);
    if (divides) {
      job.say(
          FindingCode.ASSUMED,
          JobKey.GRAD_ACCUM.path(),
          "gradient_accumulation_steps is that of one process, by which the program divides it"
              + " where there are more; ",
          JobKey.GRAD_ACCUM,
          " says what each of them has");
    }
  }

  private static void ofUnsloth(JobBuilder job, Setting checkpoints) {
    job.put(JobKey.FRAMEWORK_NAME, FormatName.UNSLOTH.label(), checkpoints);
    job.say(
        FindingCode.ASSUMED,
        checkpoints,
        "gradient_checkpointing is unsloth, which Unsloth alone has: the program is counted as one"
            + " that trains by it");
  }

  private static void byName(JobBuilder job, Stage named) {
    job.say(
        FindingCode.NOT_FOLLOWED,
        JobKey.STAGE.path(),
        "nothing in the file says what it trains for, and ",
        named.word(),
        " of its name is taken: ",
        JobKey.STAGE,
        " says otherwise");
  }

  /** A program of Transformers' examples, which has some of these names too. */
  private static boolean isExample(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> EXAMPLE.matcher(word).matches());
  }

  private static boolean isTrlCommand(TrainingFile file) {
    return file.command().stream()
        .flatMap(command -> command.words().stream())
        .anyMatch(word -> COMMAND.matcher(word).matches());
  }
}
