package dev.vramcast.cli;

import dev.vramcast.cli.command.CalibrateCommand;
import dev.vramcast.cli.command.Command;
import dev.vramcast.cli.command.CostCommand;
import dev.vramcast.cli.command.EstimateCommand;
import dev.vramcast.cli.command.FitCommand;
import dev.vramcast.cli.command.GuideCommand;
import dev.vramcast.cli.command.LintCommand;
import dev.vramcast.cli.command.ListingCommand;
import dev.vramcast.cli.command.MaxCommand;
import dev.vramcast.cli.command.McpCommand;
import dev.vramcast.cli.command.PlanCommand;
import dev.vramcast.cli.command.PricesCommand;
import dev.vramcast.cli.command.ServeCommand;
import dev.vramcast.cli.command.SweepCommand;
import dev.vramcast.cli.command.ValidateCommand;
import dev.vramcast.cli.command.WriteCommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands with their options and help. */
final class CommandTree {

  /** Shows the stack trace behind an error. */
  static final String DEBUG = "--debug";

  private static final String VERSION = "--version";

  /** In the order of the list of commands; none is made before it is asked for. */
  private static final Map<String, Supplier<Command>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("estimate", EstimateCommand::new);
    COMMANDS.put("fit", FitCommand::new);
    COMMANDS.put("max", MaxCommand::new);
    COMMANDS.put("plan", PlanCommand::new);
    COMMANDS.put("lint", LintCommand::new);
    COMMANDS.put("models", ListingCommand::models);
    COMMANDS.put("gpus", ListingCommand::gpus);
    COMMANDS.put("prices", PricesCommand::new);
    COMMANDS.put("cost", CostCommand::new);
    COMMANDS.put("sweep", SweepCommand::new);
    COMMANDS.put("write", WriteCommand::new);
    COMMANDS.put("guide", GuideCommand::new);
    COMMANDS.put("validate", ValidateCommand::new);
    COMMANDS.put("calibrate", CalibrateCommand::new);
    COMMANDS.put("serve", ServeCommand::new);
    COMMANDS.put("mcp", McpCommand::new);
  }

  private CommandTree() {}

  /**
   * The parser, of the commands that the arguments name. Where they name none, of all, which help
   * lists and of which a mistyped one may be.
   */
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
    List<String> named = names().stream().filter(args::contains).toList();
    boolean none = named.isEmpty();
    for (String name : none && !args.equals(List.of(VERSION)) ? names() : named) {
      Command command = command(name);
      CommandSpec spec = none ? CommandSpec.create() : command.spec();
      spec.name(command.name());
      spec.usageMessage().description(command.summary());
      line.addSubcommand(command.name(), new CommandLine(common(spec)));
    }
    return line.setExpandAtFiles(false).setUnmatchedOptionsArePositionalParams(false);
  }

  static Command command(String name) {
    return Objects.requireNonNull(COMMANDS.get(name)).get();
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
        OptionSpec.builder("-V", VERSION)
            .versionHelp(true)
            .description("Show the version and exit.")
            .build());
    spec.addOption(
        OptionSpec.builder(DEBUG).description("Show the stack trace behind an error.").build());
    return spec;
  }
}
