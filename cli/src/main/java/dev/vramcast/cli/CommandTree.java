package dev.vramcast.cli;

import dev.vramcast.cli.command.CalibrateCommand;
import dev.vramcast.cli.command.Command;
import dev.vramcast.cli.command.CostCommand;
import dev.vramcast.cli.command.EstimateCommand;
import dev.vramcast.cli.command.FitCommand;
import dev.vramcast.cli.command.GpusCommand;
import dev.vramcast.cli.command.GuideCommand;
import dev.vramcast.cli.command.LintCommand;
import dev.vramcast.cli.command.MaxCommand;
import dev.vramcast.cli.command.McpCommand;
import dev.vramcast.cli.command.ModelsCommand;
import dev.vramcast.cli.command.PlanCommand;
import dev.vramcast.cli.command.PricesCommand;
import dev.vramcast.cli.command.ServeCommand;
import dev.vramcast.cli.command.SweepCommand;
import dev.vramcast.cli.command.ValidateCommand;
import dev.vramcast.cli.command.WriteCommand;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands with their options and help. */
final class CommandTree {

  /** Shows the stack trace behind an error. */
  static final String DEBUG = "--debug";

  private static final Map<String, Command> COMMANDS =
      Stream.of(
              new EstimateCommand(),
              new FitCommand(),
              new MaxCommand(),
              new PlanCommand(),
              new LintCommand(),
              new ModelsCommand(),
              new GpusCommand(),
              new PricesCommand(),
              new CostCommand(),
              new SweepCommand(),
              new WriteCommand(),
              new GuideCommand(),
              new ValidateCommand(),
              new CalibrateCommand(),
              new ServeCommand(),
              new McpCommand())
          .collect(
              Collectors.toMap(
                  Command::name, Function.identity(), (a, b) -> a, java.util.LinkedHashMap::new));

  private CommandTree() {}

  /** The parser; only the commands that the arguments name get their options. */
  static CommandLine of(List<String> args) {
    CommandSpec root = CommandSpec.create().name("vramcast");
    common(root);
    root.usageMessage()
        .commandListHeading("%nCommands:%n")
        .description("Tells whether an LLM fine-tune fits a GPU, before the GPU is rented.")
        .footer(
            "",
            "Examples:",
            "  vramcast estimate --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast models qwen",
            "",
            "vramcast COMMAND --help explains a command.");
    CommandLine line = new CommandLine(root).setExpandAtFiles(false);
    for (Command command : COMMANDS.values()) {
      CommandSpec spec = args.contains(command.name()) ? command.spec() : CommandSpec.create();
      spec.name(command.name());
      spec.usageMessage().description(command.summary());
      line.addSubcommand(command.name(), new CommandLine(common(spec)));
    }
    return line.setExpandAtFiles(false).setUnmatchedOptionsArePositionalParams(false);
  }

  static Command command(String name) {
    return Objects.requireNonNull(COMMANDS.get(name));
  }

  static List<String> names() {
    return List.copyOf(COMMANDS.keySet());
  }

  private static CommandSpec common(CommandSpec spec) {
    spec.usageMessage().synopsisHeading("Usage: ").abbreviateSynopsis(true);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Show this help and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Show the version and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder(DEBUG).description("Show the stack trace behind an error.").build());
    return spec;
  }
}
