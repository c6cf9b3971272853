package dev.vramcast.cli.option;

import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Kind;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** The parameters on a command line. */
public record ParsedOptions(ParseResult arguments) implements Given {

  @Override
  public Optional<String> value(Parameter parameter) {
    return parameter.kind() == Kind.WORD
        ? Options.text(arguments)
        : Options.value(arguments, parameter.name());
  }

  /** An option that may have a text is a flag where it has none. */
  @Override
  public boolean has(Parameter parameter) {
    Object value = arguments.matchedOptionValue(parameter.name(), null);
    return value instanceof String text ? text.isEmpty() : value != null;
  }
}
