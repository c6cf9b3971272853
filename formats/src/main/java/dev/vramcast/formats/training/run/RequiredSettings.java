package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The option of a program's command that names its file of settings, where it has no default. */
public final class RequiredSettings {

  private static final Pattern OPTION =
      Pattern.compile(
          "add_argument\\(\\s*+(?:[\"']-\\w[\"'],\\s*+)?"
              + "[\"'](--(?i:\\w{1,40}[-_])?(?i:config|cfg|conf|settings|ya?ml)"
              + "(?i:[-_]?(?:path|file|name))?)[\"']([^()]{0,300})");

  private static final Pattern REQUIRED = Pattern.compile("\\brequired\\s*=\\s*True\\b");

  private RequiredSettings() {}

  /**
   * What to give in the place of a program alone, said where a value is not known without.
   *
   * @param given the file that the user names
   */
  public static Reading said(TrainingFile given, Reading reading) {
    Optional<String> option =
        given.form() == Form.PROGRAM && !reading.unreadable().isEmpty()
            ? option(given)
            : Optional.empty();
    if (option.isEmpty()) {
      return reading;
    }
    String command = "python " + Shown.oneLine(given.name()) + " " + option.get() + " FILE";
    return reading.withReasons(
        error ->
            error.kind() == ErrorKind.NO_TRAINING
                ? error
                : error.hint("or give its whole command, ", command));
  }

  private static Optional<String> option(TrainingFile program) {
    String text =
        program.lines().stream()
            .map(line -> String.valueOf(line.value()))
            .collect(Collectors.joining("\n"));
    Matcher option = OPTION.matcher(text);
    while (option.find()) {
      if (REQUIRED.matcher(option.group(2)).find()) {
        return Optional.of(option.group(1));
      }
    }
    return Optional.empty();
  }
}
