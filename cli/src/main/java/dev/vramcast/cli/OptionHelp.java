package dev.vramcast.cli;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.option.JobFlags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help text of a command, its options under headings. */
final class OptionHelp {

  private static final int NARROWEST = 80;

  private OptionHelp() {}

  static String text(CommandLine line, Terminal terminal) {
    line.setUsageHelpWidth(Math.max(NARROWEST, terminal.width()));
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, OptionHelp::options);
    return line.getUsageMessage(terminal.colours() ? Ansi.ON : Ansi.OFF);
  }

  private static String options(Help help) {
    Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
    for (OptionSpec option : help.commandSpec().options()) {
      sections.computeIfAbsent(JobFlags.heading(option), name -> new ArrayList<>()).add(option);
    }
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (heading, options) -> {
          Help.Layout layout = help.createDefaultLayout();
          layout.addOptions(options, help.parameterLabelRenderer());
          String title = heading.isEmpty() ? "Options" : heading;
          text.append("\n").append(title).append(":\n").append(layout);
        });
    return text.toString();
  }
}
