package dev.vramcast.cli.command;

import dev.vramcast.answers.serve.ServerJar;
import dev.vramcast.answers.serve.ToolProgram;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.Options;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast mcp}: the tools for an assistant that starts this process. */
public final class McpCommand implements Command {

  private static final String ALLOW_HUB = "--allow-hub";

  @Override
  public String name() {
    return "mcp";
  }

  @Override
  public String summary() {
    return "Answer an assistant's questions as tools of the Model Context Protocol.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addOption(
        Options.flag(ALLOW_HUB, "Ask the Hub for models that are neither known nor cached."));
    spec.usageMessage()
        .footer(
            "",
            "An assistant starts it, and talks to it over standard input and output; it ends when",
            "its input does. No file is opened by a path that the assistant gives.",
            "",
            "In the configuration of most assistants:",
            "  {\"mcpServers\": {\"vramcast\": {\"command\": \"vramcast\", \"args\": [\"mcp\"]}}}",
            "",
            "Examples:",
            "  vramcast mcp",
            "  vramcast mcp --allow-hub");
    return spec;
  }

  /** The answers alone go to standard output; whatever else is printed goes to standard error. */
  @Override
  public int run(ParseResult arguments, Console console) {
    ToolProgram program = ServerJar.load(ToolProgram.class, "vramcast mcp");
    PrintStream answers = System.out;
    System.setOut(System.err);
    try {
      program.run(
          System.in,
          answers,
          arguments.hasMatchedOption(ALLOW_HUB) ? Network.ALLOWED : Network.FORBIDDEN,
          console.surroundings().clock(),
          KeptPrices.of(console.surroundings().variables()));
    } finally {
      System.setOut(answers);
    }
    return ExitCode.OK;
  }
}
