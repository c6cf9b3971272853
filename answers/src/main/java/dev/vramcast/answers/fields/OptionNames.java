package dev.vramcast.answers.fields;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.input.Subject;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Descriptions and answers, which name options as a command line does, in the words of those who
 * give fields. Errors have no need of it: what they name is a part of them.
 */
public final class OptionNames {

  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

  private OptionNames() {}

  /** A description of a parameter. */
  public static String plain(String description) {
    return OPTION.matcher(description).replaceAll(found -> Parameter.field(found.group()));
  }

  /** A line of an answer of an operation. */
  public static String inFields(String line, Operation operation) {
    FieldWords words = new FieldWords(operation);
    return OPTION
        .matcher(line)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    words.name(Subject.option(found.group()), Optional.empty())));
  }
}
