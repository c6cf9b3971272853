package dev.vramcast.formats.training.openrlhf;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** OpenRLHF: the options of {@code openrlhf.cli.train_*}, with dots in their names or without. */
public final class OpenRlhfReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(OpenRlhfReader.class, "keys.tsv");

  private static final Pattern PROGRAM =
      Pattern.compile(".*openrlhf[./]cli[./]train_(\\w+?)(?:\\.py)?");

  /** How its programs were started before they were modules, by options that no other has. */
  private static final Pattern SCRIPT =
      Pattern.compile("(?:.*/)?train_(sft|rm|prm|dpo|kto|ppo|ppo_ray|knowledge_distillation)\\.py");

  @Override
  public FormatName name() {
    return FormatName.OPENRLHF;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    return program(file).isPresent() ? new Recognition(20) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.any("actor.model_name_or_path", "model.model_name_or_path", "pretrain")
        .ifPresent(
            model -> job.reads(List.of(JobKey.MODEL_ID), () -> job.put(JobKey.MODEL_ID, model)));
    String program = program(file).orElse("ppo_ray");
    boolean online = program.startsWith("ppo");
    // Without Ray all models are on the cards that DeepSpeed's launcher is given.
    boolean alone = program.equals("ppo");
    if (!online || alone) {
      new LauncherOptions(job, file).read();
    }
    new Method(job).read();
    if (!online || alone) {
      job.assumeOneGpu();
    }
    new Stage(job, program).read();
    if (alone) {
      job.put(JobKey.ENGINE, "transformers");
    } else if (online) {
      new Groups(job).read();
    }
    new Batches(job, program, online).read();
    return job.done(name());
  }

  /** What comes behind {@code train_}. */
  private static Optional<String> program(TrainingFile file) {
    boolean script = file.has("pretrain") && file.has("micro_train_batch_size");
    return program(file, PROGRAM)
        .or(() -> script ? program(file, SCRIPT) : Optional.<String>empty());
  }

  private static Optional<String> program(TrainingFile file, Pattern name) {
    return file.command().map(command -> command.words()).orElse(List.of()).stream()
        .map(name::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .map(program -> program.equals("knowledge_distillation") ? "kd" : program)
        .findFirst();
  }
}
