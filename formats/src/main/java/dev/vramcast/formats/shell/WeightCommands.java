package dev.vramcast.formats.shell;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Commands that write weights and train none: they merge adapters, join shards or export. */
public final class WeightCommands {

  private static final Pattern WRITES =
      Pattern.compile(
          "(?i)(?:.*[./])?(?:merge[-_](?:lora|weights|adapters?|peft|and[-_]export)\\w*(?:\\.py)?"
              + "|merge-sharded-fsdp-weights|zero_to_fp32(?:\\.py)?|export)");

  /** A command behind a launcher and its options. */
  private static final int FIRST_WORDS = 4;

  private WeightCommands() {}

  /**
   * Why commands are no training, where one of them writes weights.
   *
   * @param places where in the file a word stands
   */
  public static Optional<InputError> refused(
      List<ShellCommand> commands, Function<Mark, Place> places) {
    return commands.stream()
        .flatMap(command -> command.words().stream().skip(1).limit(FIRST_WORDS))
        .filter(word -> WRITES.matcher(word.text()).matches())
        .findFirst()
        .map(word -> trainsNothing(word).at(places.apply(word.mark())));
  }

  private static InputError trainsNothing(Word word) {
    return InputError.of("trains nothing: ", Shown.oneLine(word.text()), " writes weights")
        .kind(ErrorKind.NO_TRAINING)
        .hint("the job that trained says what it takes, of adapters with ", JobKey.MERGE, " true")
        .hint("of shards with ", JobKey.SAVED_STATE, " full");
  }
}
