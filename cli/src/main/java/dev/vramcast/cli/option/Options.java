package dev.vramcast.cli.option;

import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.cli.console.CommandWords;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What commands take beside the keys of the job document. */
public final class Options {

  private Options() {}

  /** A parameter as an option. */
  public static OptionSpec of(Parameter parameter) {
    return parameter.kind() == Parameter.Kind.FLAG
        ? flag(parameter.name(), parameter.description(CommandWords.ALL))
        : text(parameter.name(), parameter.label(), parameter.description(CommandWords.ALL));
  }

  public static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).description(description).build();
  }

  public static OptionSpec text(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** Adds a parameter, in place of an option of a job with its name where there is one. */
  public static void add(CommandSpec spec, Parameter parameter) {
    if (parameter.kind() == Parameter.Kind.WORD) {
      spec.addPositional(words(parameter.label(), parameter.description(CommandWords.ALL)));
    } else if (spec.findOption(parameter.name()) == null) {
      spec.addOption(of(parameter));
    } else {
      replace(spec, parameter.name(), parameter.label(), parameter.description(CommandWords.ALL));
    }
  }

  /** Gives an option of a job another meaning. */
  public static void replace(CommandSpec spec, String name, String label, String description) {
    OptionSpec named = spec.findOption(name);
    spec.remove(named);
    spec.addOption(OptionSpec.builder(named).paramLabel(label).description(description).build());
  }

  /** Words without names, of which there may be none. */
  public static PositionalParamSpec words(String label, String description) {
    return PositionalParamSpec.builder()
        .index("0..*")
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  public static List<String> words(ParseResult arguments) {
    return arguments.matchedPositionals().stream()
        .flatMap(positional -> positional.stringValues().stream())
        .distinct()
        .toList();
  }

  /** Words that are one text, such as {@code RTX 4090} without quotes. */
  static Optional<String> text(ParseResult arguments) {
    return Optional.of(String.join(" ", words(arguments))).filter(text -> !text.isEmpty());
  }

  public static Optional<String> value(ParseResult arguments, String name) {
    return Optional.ofNullable(arguments.<String>matchedOptionValue(name, null));
  }
}
