package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Commands that write weights of before and train none. */
public final class WeightsAlone {

  /** Calls of a program that trains. */
  private static final List<String> TRAINING =
      List.of("get_peft_model", "train", "unsloth_train", "fit", "backward");

  private static final Pattern TRAINER = Pattern.compile("[A-Z]\\w*Trainer");

  private WeightsAlone() {}

  /** Says that nothing is trained, where a command does no more than to write weights. */
  public static void read(JobBuilder job, TrainingFile file) {
    word(file)
        .ifPresent(
            word ->
                job.reads(
                    List.of(JobKey.WEIGHTS_ALONE),
                    () -> job.put(JobKey.WEIGHTS_ALONE, true, word)));
  }

  /** Has adapters merged where a command behind the training does that. */
  public static void readBehind(JobBuilder job, TrainingFile file) {
    boolean whole =
        job.told(JobKey.METHOD, Method.class).filter(how -> !how.trainsAdapters()).isPresent();
    word(file, ShellCommand.MERGES_BEHIND)
        .filter(word -> !whole)
        .ifPresent(
            word -> job.reads(List.of(JobKey.MERGE), () -> job.put(JobKey.MERGE, true, word)));
  }

  /** The word that tells what such a command does; empty for any other. */
  public static Optional<Setting> word(TrainingFile file) {
    return word(file, ShellCommand.ALONE);
  }

  private static Optional<Setting> word(TrainingFile file, String what) {
    return file.command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(what)))
        .map(word -> new Setting(file.name(), String.valueOf(word.value()), word));
  }

  /**
   * Refuses shards that others wrote than the framework whose program puts them together.
   *
   * @param zero whether that program is DeepSpeed's
   */
  public static void refuseOthers(JobBuilder job, Setting word, boolean zero) {
    job.told(JobKey.STRATEGY, Object.class)
        .flatMap(WeightsAlone::strategy)
        .filter(strategy -> strategy.isZero() != zero)
        .filter(strategy -> strategy != Strategy.NONE && strategy != Strategy.DDP)
        .ifPresent(
            strategy -> {
              throw InputError.of("does not put together what ")
                  .and(JobKey.STRATEGY, " ", strategy, " writes")
                  .kind(ErrorKind.CONTRADICTION)
                  .at(word.place())
                  .hint(
                      strategy.isZero()
                          ? "DeepSpeed's zero_to_fp32.py does that"
                          : "it reads shards of DeepSpeed's ZeRO alone")
                  .refusal();
            });
  }

  /** Whether a program calls what trains, or makes a trainer. */
  public static boolean trains(TrainingFile program) {
    return TRAINING.stream().anyMatch(program::has)
        || program.root().fields().keySet().stream().anyMatch(TRAINER.asMatchPredicate());
  }

  /**
   * Refuses adapters whose files alone say which model they are of.
   *
   * @param loaded what names them
   */
  public static InputException ofNoModel(Setting loaded) {
    return InputError.of("loads adapters, and does not say of which model")
        .kind(ErrorKind.MISSING)
        .at(loaded.place())
        .hint("give ", JobKey.MODEL_ID)
        .refusal();
  }

  /** What is not known of adapters that are merged into weights of fewer bits. */
  public static Gap intoQuantised() {
    return Gap.of("merging adapters into quantised weights")
        .needs("what PEFT makes of a quantised layer while it merges")
        .modelled(JobKey.MODEL_ID, " in 16 bits");
  }

  /** By a flag it is one already, and by a reader its name. */
  private static Optional<Strategy> strategy(Object told) {
    return Stream.of(Strategy.values())
        .filter(each -> each.equals(told) || each.label().equals(told))
        .findFirst();
  }
}
