package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.StageWords;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stages of training by the words that training files have for them. */
public final class StageNames {

  /** Endings of classes of Transformers (transformers/models/auto/modeling_auto.py). */
  private static final Pattern CLASS =
      Pattern.compile(
          ".*For(SequenceClassification|TokenClassification|QuestionAnswering|MaskedLM"
              + "|MultipleChoice|ImageClassification|CTC)\\W?");

  private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,6}");

  private StageNames() {}

  /** Whether the stage that was read trains on completions that are generated. */
  public static boolean generates(JobBuilder job) {
    return Stage.those(Stage::generates).stream()
        .anyMatch(stage -> job.is(JobKey.STAGE, stage.label()));
  }

  /**
   * Takes the stage that the class of the model tells, where no trainer of a stage does.
   *
   * @param key names the class, and beside it stands {@code num_labels}
   */
  public static void ofClass(JobBuilder job, String key) {
    job.reads(
        List.of(JobKey.STAGE, JobKey.LABELS),
        () -> job.get(key).ifPresent(named -> ofClass(job, named, key)));
  }

  private static void ofClass(JobBuilder job, Setting named, String key) {
    Matcher ending = CLASS.matcher(named.shown());
    if (!ending.matches()) {
      return;
    }
    switch (ending.group(1)) {
      case "SequenceClassification", "TokenClassification" -> {
        boolean tokens = ending.group(1).startsWith("Token");
        put(job, Optional.of(named), tokens ? "token_cls" : "seq_cls");
        // How many entries a list has is not worked out, and moves next to nothing.
        job.get(key.replaceFirst("\\w+$", "num_labels"))
            .filter(labels -> COUNT.matcher(labels.shown()).matches())
            .ifPresent(labels -> job.put(JobKey.LABELS, labels));
      }
      case "MaskedLM" -> put(job, Optional.of(named), "mlm");
      default -> job.unnamedStage(Optional.of(named), "of a model For" + ending.group(1));
    }
  }

  /** Takes the stage that a key of the file names. */
  public static void read(JobBuilder job, Setting at, String word) {
    job.reads(List.of(JobKey.STAGE), () -> put(job, Optional.of(at), word));
  }

  /** Takes the stage that the command or the program names, and no key. */
  public static void read(JobBuilder job, String word) {
    job.reads(List.of(JobKey.STAGE), () -> put(job, Optional.empty(), word));
  }

  private static void put(JobBuilder job, Optional<Setting> at, String word) {
    Optional<StageWords.Meaning> meant = StageWords.find(word);
    if (meant.isEmpty()) {
      job.unnamedStage(at, word);
      return;
    }
    put(job, at, JobKey.STAGE, meant.get().stage().label());
    meant.get().loss().ifPresent(loss -> put(job, at, JobKey.LOSS_TYPE, loss));
  }

  private static void put(JobBuilder job, Optional<Setting> at, JobKey key, String value) {
    if (at.isPresent()) {
      job.put(key, value, at.get());
    } else {
      job.put(key, value);
    }
  }
}
