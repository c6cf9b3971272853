package dev.vramcast.cli.command;

import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CatalogueArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Lists what the catalogue knows, with more of each where a flag asks for it. */
public final class ListingCommand<A extends Answer> implements Command {

  private final Operation operation;
  private final Function<Call, A> answer;
  private final OptionSpec more;
  private final Lines<A> lines;
  private final List<String> examples;

  private ListingCommand(
      Operation operation,
      Function<Call, A> answer,
      OptionSpec more,
      Lines<A> lines,
      List<String> examples) {
    this.operation = operation;
    this.answer = answer;
    this.more = more;
    this.lines = lines;
    this.examples = examples;
  }

  /** {@code vramcast gpus}: the accelerators. */
  public static Command gpus() {
    GpusOperation operation = new GpusOperation();
    return new ListingCommand<>(
        operation,
        operation::answer,
        Options.flag(OutputFormat.EXPLAIN, "Show where each figure comes from, and what it means."),
        (report, terminal, all) -> report.lines(terminal, all),
        List.of("vramcast gpus 24GB..48GB", "vramcast gpus h100 --explain"));
  }

  /** {@code vramcast models}: the models. */
  public static Command models() {
    ModelsOperation operation = new ModelsOperation();
    return new ListingCommand<>(
        operation,
        operation::answer,
        Options.flag("--verbose", "Show aliases and Hub ids too."),
        (report, terminal, all) -> report.lines(terminal, all),
        List.of("vramcast models qwen3", "vramcast models 70b --verbose"));
  }

  @Override
  public String name() {
    return operation.name();
  }

  @Override
  public String summary() {
    return operation.summary();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    operation.parameters().forEach(parameter -> Options.add(spec, parameter));
    spec.addOption(OutputFormat.option());
    spec.addOption(more);
    spec.addOption(
        Options.flag("--offline", "Nothing is asked of the network, with it or without."));
    if (!more.longestName().equals(OutputFormat.EXPLAIN)) {
      OutputFormat.addExplain(spec);
    }
    spec.usageMessage()
        .footer(
            Stream.concat(Stream.of("", "Examples:"), examples.stream().map("  "::concat))
                .toArray(String[]::new));
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    A report = answer.apply(CatalogueArguments.call(arguments, console));
    boolean all = arguments.hasMatchedOption(more.longestName());
    return format.print(report, () -> lines.of(report, console.terminal(), all), console);
  }

  /** An answer for people, whole where that is wished. */
  private interface Lines<A> {

    List<String> of(A answer, Terminal terminal, boolean all);
  }
}
