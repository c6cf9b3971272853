package dev.vramcast.formats.training.trainer;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.OptimizerWords;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Transformers' names of optimizers. */
public final class Optimizers {

  private static final Map<String, List<String>> ROWS = rows();

  private Optimizers() {}

  /** Name, update rule and implementation, and what is counted where the job lacks an equal. */
  private static Map<String, List<String>> rows() {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    OptimizerWords.all()
        .forEach(
            (word, equal) ->
                rows.put(
                    word, List.of(word, equal.name().label(), equal.implementation().label())));
    OptimizerWords.standIns()
        .forEach(
            (word, instead) ->
                rows.put(
                    word,
                    List.of(
                        word,
                        instead.meaning().name().label(),
                        instead.meaning().implementation().label(),
                        instead.reason())));
    return rows;
  }

  /**
   * A name for an optimizer of the job document.
   *
   * @param word Transformers' name
   * @param implementation whose code runs it; empty when the name does not decide
   */
  public record Named(String word, String implementation) {}

  /**
   * The name of an optimizer with an implementation, or the first with another one where there is
   * none; empty when no name stands for the update rule.
   */
  public static Optional<Named> named(String optimizer, String implementation) {
    List<Named> names =
        ROWS.values().stream()
            .filter(row -> row.get(1).equals(optimizer) && row.size() == 3)
            .map(row -> new Named(row.get(0), row.get(2)))
            .toList();
    return names.stream()
        .filter(named -> named.implementation().equals(implementation))
        .findFirst()
        .or(() -> names.stream().findFirst());
  }

  /** Takes an optimizer by its name, unless DeepSpeed's own file names one. */
  public static void read(JobBuilder builder, Setting setting) {
    String name = setting.word();
    List<String> row = ROWS.get(name);
    if (row == null) {
      throw setting.unusable("the names of transformers' OptimizerNames", name, ROWS.keySet());
    }
    if (builder.is(JobKey.OPTIMIZER_IMPLEMENTATION, "deepspeed")) {
      if (!builder.is(JobKey.OPTIMIZER_NAME, row.get(1))) {
        builder.say(
            FindingCode.IGNORED_KEY,
            setting,
            setting.key() + " does nothing: DeepSpeed's file has an optimizer of its own");
      }
      return;
    }
    builder.put(JobKey.OPTIMIZER_NAME, row.get(1), setting);
    builder.put(JobKey.OPTIMIZER_IMPLEMENTATION, row.get(2), setting);
    if (row.get(1).equals("galore") && !builder.has(JobKey.METHOD)) {
      builder.put(JobKey.METHOD, "galore", setting);
    }
    if (row.size() > 3) {
      builder.say(
          FindingCode.NOT_COUNTED, setting, setting.key() + " is " + name + ": " + row.get(3));
    }
  }
}
