package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.run.ImageSizes;
import dev.vramcast.formats.training.run.InstalledVersions;
import dev.vramcast.formats.training.run.LoopReading;
import dev.vramcast.formats.training.run.OtherModels;
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
import dev.vramcast.formats.training.trl.others.ChineseAlpaca;
import dev.vramcast.formats.training.trl.others.Firefly;
import dev.vramcast.formats.training.trl.others.QloraArguments;
import java.util.List;
import java.util.Optional;

/** The reading of one file or command of arguments, of which the readers share a name or two. */
final class TrlReading {

  private final FormatName name;

  /** As it stands on the disk or the command line. */
  private final TrainingFile given;

  /** With the names that PEFT's examples have for the same. */
  private final TrainingFile file;

  private final Abbreviated beginnings;

  /** A program of somebody's own, whose switches nobody knows. */
  private final Optional<String> program;

  private final Stage stage;

  /** Whether it is of Transformers' Trainer, and not of TRL. */
  private final boolean bare;

  /** Whether it has the options of QLoRA's paper. */
  private final boolean qlora;

  private final JobBuilder job;

  /**
   * The reading of one file.
   *
   * @param name of the trainer that it is taken for
   * @param given the file as it stands
   */
  TrlReading(FormatName name, TrainingFile given) {
    this.name = name;
    this.given = given;
    this.bare = name == FormatName.TRANSFORMERS;
    this.qlora = QloraArguments.isOne(given);
    TrainingFile renamed =
        OwnOptions.renamed(
            EngineOptions.renamed(
                Firefly.renamed(
                    ChineseAlpaca.renamed(QloraArguments.renamed(Programs.flat(given))))));
    KeyTable keys = TrlReader.KEYS;
    this.beginnings = new Abbreviated(given, renamed, keys);
    this.file = beginnings.in(renamed);
    this.program = OwnTrainer.program(given).or(() -> OwnOptions.settings(given));
    this.stage = Stage.of(given);
    this.job = new JobBuilder(file, program.isPresent() && !qlora ? keys.open() : keys);
  }

  Reading read(SiblingFiles siblings) {
    named();
    Optional<Setting> unsloth = job.get("gradient_checkpointing").filter(TrainerStep::isUnsloth);
    unsloth.ifPresent(this::ofUnsloth);
    launched();
    Optional<Setting> checkpointing = new TrainerSpread(job, siblings).read();
    Stage.told(given).ifPresent(this::byName);
    // As far as it is known before a release is concluded from the names of arguments.
    boolean prompts = releases(unsloth.isPresent());
    TrainerStep step = step(checkpointing);
    trained();
    new Model(job, step, bare, given).read();
    Tuners.narrow(job, given);
    new Rows(job, step, stage, bare, given).read();
    staged(prompts);
    dividedSteps();
    CpuOptimizer.settle(job);
    Evaluations.read(job);
    RunArguments.read(job);
    // Of a processor that a program loads (transformers, image_processing_qwen2_vl.py).
    ImageSizes.ofPixels(job, TrainingFile.PROCESSOR + ".max_pixels");
    ImageSizes.ofProcessor(job, TrainingFile.PROCESSOR + ".size");
    OtherModels.read(job);
    said();
    return job.done(name);
  }

  /** The trainer and the model. */
  private void named() {
    String own = bare ? FormatName.TRANSFORMERS.label() : FormatName.TRL.label();
    job.put(JobKey.FRAMEWORK_NAME, LoopReading.framework(given).orElse(own));
    if (!job.has(JobKey.MODEL_ID)) {
      job.take("model_name", JobKey.MODEL_ID);
    }
  }

  /** What a launcher and the environment of a command say. */
  private void launched() {
    new LauncherOptions(job, file).read();
    LauncherOptions.allocator(job, given);
    LauncherOptions.visible(job, given);
    EngineOptions.read(job, given);
  }

  /** The releases; returns whether the named one of TRL counts prompts as its first ones did. */
  private boolean releases(boolean unsloth) {
    if (bare) {
      InstalledVersions.read(job, given);
    } else {
      InstalledVersions.read(job, given, "trl");
    }
    if (Xtuner.isOne(given)) {
      job.put(JobKey.TRANSFORMERS_VERSION, Xtuner.TRANSFORMERS);
    }
    boolean prompts = stage == Stage.GRPO && job.isBefore(0, 15);
    if (!unsloth) {
      Releases.read(job, Firefly.isOne(given) ? file : given, bare, stage);
    }
    return prompts;
  }

  private TrainerStep step(Optional<Setting> checkpointing) {
    TrainerStep step = new TrainerStep(job);
    step.read(job.get("total_episodes").filter(all -> stage.countsEpisodes()));
    step.batchDefault();
    job.reads(List.of(JobKey.CHECKPOINTING), () -> checkpointing(step, checkpointing));
    return step;
  }

  private void checkpointing(TrainerStep step, Optional<Setting> launched) {
    if (stage == Stage.PPO) {
      // Its loop never asks the models for checkpoints (trl/experimental/ppo/ppo_trainer.py).
      launched
          .or(() -> job.get("gradient_checkpointing"))
          .ifPresent(set -> job.put(JobKey.CHECKPOINTING, Checkpointing.NONE, set));
    } else {
      step.checkpointing(!bare, launched);
    }
  }

  /** What is trained of the model, and how that is prepared. */
  private void trained() {
    new Adapters(job, program).read();
    Tuners.unseen(job, given);
    VisionSwitches.read(job);
    Checkpoints.read(job);
    if (job.has(JobKey.QUANTIZATION_SCHEME)) {
      prepared();
    }
    if (qlora) {
      QloraArguments.say(job, given);
    }
  }

  /** What is made of a quantised base before adapters stand on it. */
  private void prepared() {
    boolean prepares = Programs.prepares(given);
    if (given.form() == Form.PROGRAM && (bare || prepares)) {
      job.put(JobKey.LORA_KBIT_PREPARE, prepares);
    } else if (Firefly.isOne(given)) {
      job.put(JobKey.LORA_KBIT_PREPARE, Firefly.prepares(given));
    }
    if (qlora) {
      QloraArguments.prepared(job);
    }
    if (stage == Stage.SFT && !bare) {
      ProgramCheckpoints.ofEarlyTrainer(job, given);
    }
  }

  /** What only one stage has. */
  private void staged(boolean prompts) {
    if (stage == Stage.SFT) {
      StageNames.ofClass(job, TrainingFile.LOADER);
      return;
    }
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
    earlyLoop();
    StageTraps.find(job);
  }

  /** What is said of programs that are not the trainer's own. */
  private void said() {
    OwnOptions.say(job, given);
    LoopReading.say(job, given);
    beginnings.say(job);
    OwnTrainer.say(job, given);
    WrappedModel.say(job, given);
    if (!qlora || !QloraArguments.isUntold(given)) {
      OwnTrainer.script(job, given, qlora ? "QLoRA's" : bare ? "Transformers'" : "TRL's");
    }
  }

  /** Before TRL 0.12 a program steps PPO itself, with a model that has a value head. */
  private void earlyLoop() {
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
  private void dividedSteps() {
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

  private void ofUnsloth(Setting checkpoints) {
    job.put(JobKey.FRAMEWORK_NAME, FormatName.UNSLOTH.label(), checkpoints);
    job.say(
        FindingCode.ASSUMED,
        checkpoints,
        "gradient_checkpointing is unsloth, which Unsloth alone has: the program is counted as one"
            + " that trains by it");
  }

  private void byName(Stage named) {
    job.say(
        FindingCode.NOT_FOLLOWED,
        JobKey.STAGE.path(),
        "nothing in the file says what it trains for, and ",
        named.word(),
        " of its name is taken: ",
        JobKey.STAGE,
        " says otherwise");
  }
}
