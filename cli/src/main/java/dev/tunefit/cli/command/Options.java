package dev.tunefit.cli.command;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** What commands take beside the keys of the job document. */
final class Options {

  private Options() {}

  static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).description(description).build();
  }

  static OptionSpec text(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** Gives an option of a job another meaning. */
  static void replace(CommandSpec spec, String name, String label, String description) {
    OptionSpec named = spec.findOption(name);
    spec.remove(named);
    spec.addOption(OptionSpec.builder(named).paramLabel(label).description(description).build());
  }

  /** One word without a name, which may be left out. */
  static PositionalParamSpec word(String label, String description) {
    return PositionalParamSpec.builder()
        .index("0")
        .arity("0..1")
        .type(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** Words without names, of which there may be none. */
  static PositionalParamSpec words(String label, String description) {
    return PositionalParamSpec.builder()
        .index("0..*")
        .arity("0..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  static List<String> words(ParseResult arguments) {
    return arguments.matchedPositionals().stream()
        .flatMap(positional -> positional.stringValues().stream())
        .distinct()
        .toList();
  }

  static Optional<String> word(ParseResult arguments) {
    return Optional.ofNullable(arguments.<String>matchedPositionalValue(0, null));
  }

  static Optional<String> value(ParseResult arguments, String name) {
    return Optional.ofNullable(arguments.<String>matchedOptionValue(name, null));
  }
}
