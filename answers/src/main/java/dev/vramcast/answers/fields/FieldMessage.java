package dev.vramcast.answers.fields;

import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Kind;
import dev.vramcast.core.job.document.JobKey;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A message in the words of those who give fields: where it names an option, the field is named.
 *
 * @param text one line
 * @param field the key of the job or the field that it is about; empty when it is about none
 */
public record FieldMessage(String text, Optional<String> field) {

  private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z0-9-]*)( without a name)?");
  private static final Pattern QUOTED =
      Pattern.compile("\\b(?:unknown (?:key|field)|key) '([^']+)'");
  private static final Pattern PATH = Pattern.compile("\\b[a-z_]+(?:\\.[a-z_]+)*\\b");
  private static final Pattern FIRST_WORD = Pattern.compile("^([a-z_.]+)(?=[: ])");
  private static final String FROM_JOB = FieldReader.JOB + ": ";

  /** What messages about a thing begin with, and how it is given. */
  private static final Map<String, String> THINGS =
      Map.of(
          "no file", FieldReader.FILES,
          "model:", JobKey.MODEL_ID.flag(),
          "model '", JobKey.MODEL_ID.flag(),
          "no model", JobKey.MODEL_ID.flag(),
          "revision:", JobParameters.REVISION.name(),
          "gpu:", JobKey.GPU.flag(),
          "no GPU", JobKey.GPU.flag());

  /** A description in which options are fields. */
  public static String plain(String description) {
    return OPTION.matcher(description).replaceAll(found -> Parameter.field(found.group(1)));
  }

  /** The message of an operation that was called with fields. */
  public static FieldMessage of(String message, Operation operation) {
    Words words = new Words(operation);
    String text =
        OPTION.matcher(message).replaceAll(found -> Matcher.quoteReplacement(words.field(found)));
    text = text.startsWith(FROM_JOB) ? text.substring(FROM_JOB.length()) : text;
    return new FieldMessage(text, words.about(text, message));
  }

  /**
   * What an operation calls things.
   *
   * @param fields by their options
   * @param word the field that stands alone on a command line
   */
  private record Words(Map<String, String> fields, Optional<String> word) {

    Words(Operation operation) {
      this(
          FieldReader.parameters(operation).stream()
              .filter(parameter -> !parameter.equals(MaxOperation.MODEL))
              .collect(Collectors.toMap(Parameter::name, Parameter::field)),
          FieldReader.parameters(operation).stream()
              .filter(parameter -> parameter.kind() == Kind.WORD)
              .map(Parameter::field)
              .findFirst());
    }

    /** The field behind an option, or the option where there is none. */
    String field(MatchResult option) {
      String name = option.group(1);
      return option.group(2) != null && name.equals(MaxOperation.MODEL.name())
          ? MaxOperation.MODEL.field()
          : field(name);
    }

    private String field(String name) {
      return Optional.ofNullable(fields.get(name))
          .or(() -> JobKey.ofFlag(name).map(JobKey::path))
          .orElse(name);
    }

    Optional<String> about(String text, String message) {
      return first(QUOTED, text, found -> Optional.of(found.group(1)))
          .or(() -> first(FIRST_WORD, text, found -> known(found.group(1))))
          .or(() -> thing(text))
          .or(
              () ->
                  first(OPTION, message, found -> Optional.of(field(found)))
                      .filter(field -> !field.startsWith("--")))
          .or(() -> word)
          .or(() -> first(PATH, text, found -> path(found.group())));
    }

    private Optional<String> known(String word) {
      return path(word)
          .or(() -> Optional.of(word).filter(fields::containsValue))
          .or(() -> Optional.of(word).filter(FieldReader.FILES::equals))
          .or(() -> Optional.of(word).filter(FieldReader.JOB::equals));
    }

    private Optional<String> thing(String text) {
      return THINGS.entrySet().stream()
          .filter(entry -> text.startsWith(entry.getKey()))
          .findFirst()
          .map(Map.Entry::getValue)
          .map(name -> word.orElseGet(() -> field(name)));
    }

    private static Optional<String> path(String word) {
      return JobKey.ofPath(word).map(JobKey::path);
    }

    private static Optional<String> first(
        Pattern pattern, String text, Function<MatchResult, Optional<String>> meaning) {
      return pattern
          .matcher(text)
          .results()
          .flatMap(found -> meaning.apply(found).stream())
          .findFirst();
    }
  }
}
