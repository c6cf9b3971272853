package dev.vramcast.cli.option;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.FigureLines;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options {@code --format} and {@code --explain}. */
public enum OutputFormat {
  TABLE,
  /** With all that only explains, and every figure that programs are told. */
  EXPLAINED,
  JSON;

  /** Shows more than what matters most. */
  public static final String EXPLAIN = "--explain";

  private static final String FLAG = "--format";
  private static final List<String> NAMES = List.of("table", "json");

  public static OptionSpec option() {
    return OptionSpec.builder(FLAG)
        .type(String.class)
        .arity("1")
        .paramLabel("NAME")
        .description("table or json. Default: table.")
        .build();
  }

  /** Adds {@code --explain} where it shows nothing but figures. */
  public static void addExplain(CommandSpec spec) {
    addExplain(spec, "Show every figure, and what it means.");
  }

  /**
   * Adds {@code --explain}.
   *
   * @param more what it shows
   */
  public static void addExplain(CommandSpec spec, String more) {
    spec.addOption(Options.flag(EXPLAIN, more));
  }

  /** Prints an answer in this format; returns the exit code of success. */
  public int print(Answer answer, Console console) {
    return print(answer, () -> answer.lines(console.terminal()), console);
  }

  /**
   * As {@link #print(Answer, Console)}.
   *
   * @param lines for people, in place of the answer's own
   */
  public int print(Answer answer, Supplier<List<String>> lines, Console console) {
    if (this == JSON) {
      console.print(JsonText.of(answer.json(Version.current())));
    } else {
      answer.asides().forEach(console::warn);
      console.print(lines.get());
      if (this == EXPLAINED) {
        figures(answer.record(), console);
      }
    }
    return ExitCode.OK;
  }

  /** Prints every figure of an answer behind what is told of it. */
  public static void figures(Record answer, Console console) {
    console.print(List.of(""));
    console.print(FigureLines.of(answer, console.terminal()));
  }

  public static OutputFormat of(ParseResult arguments) {
    String given = arguments.matchedOptionValue(FLAG, "table");
    return switch (given) {
      case "table" -> arguments.hasMatchedOption(EXPLAIN) ? EXPLAINED : TABLE;
      case "json" -> JSON;
      default ->
          throw InputError.about(Subject.option(FLAG))
              .is(given)
              .allowed("table, json")
              .near(given, NAMES)
              .refusal();
    };
  }
}
