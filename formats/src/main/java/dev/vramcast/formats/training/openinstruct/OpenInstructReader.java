package dev.vramcast.formats.training.openinstruct;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** open-instruct: the options of its scripts, and YAML with the same keys. */
public final class OpenInstructReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(OpenInstructReader.class, "keys.tsv");

  private static final Pattern PROGRAM = Pattern.compile(".*open_instruct[/.](\\w+?)(?:\\.py)?");

  @Override
  public FormatName name() {
    return FormatName.OPEN_INSTRUCT;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    if (program(file).isPresent()) {
      return new Recognition(20);
    }
    int told =
        file.count(
            "dataset_mixer_list",
            "use_slow_tokenizer",
            "with_tracking",
            "dpo_loss_type",
            "checkpointing_steps",
            "max_token_length",
            "num_unique_prompts_rollout");
    return file.form() == Form.TREE && file.has("model_name_or_path") && told > 1
        ? new Recognition(10 + told)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, name().label());
    job.take("model_name_or_path", JobKey.MODEL_ID);
    String program = program(file).orElse("");
    boolean online =
        program.startsWith("grpo") || job.get("num_unique_prompts_rollout").isPresent();
    new Model(job).read();
    new Stage(job, program, online).read();
    if (online) {
      new Rollout(job).read();
    } else {
      new Rows(job, file, siblings, program).read();
    }
    return job.done(name());
  }

  /** The name of the script. */
  private static Optional<String> program(TrainingFile file) {
    return file.command().map(command -> command.words()).orElse(List.of()).stream()
        .map(PROGRAM::matcher)
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .findFirst();
  }
}
