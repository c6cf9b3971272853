package dev.vramcast.answers.guide;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The guide's cost examples, for people and for programs. */
final class CostExamples {

  private static final String INDENT = "      ";
  private static final double HOUR = 3600;

  private CostExamples() {}

  static List<String> lines(List<ExampleCost> costs, Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add(
        terminal.styled(
            Style.BOLD, "The guide's cost examples by its hours and prices, beside our own hours"));
    Wrap.lines(ExampleJob.SETTINGS, terminal.width() - 2).forEach(line -> lines.add("  " + line));
    Align r = Align.RIGHT;
    Align l = Align.LEFT;
    Grid grid = new Grid(terminal, l, l, l, l, r, r, r, r, r, r);
    grid.row(Style.DIM, "", "model", "method", "GPUs", "$/h", "hours", "$", "printed", "ours", "$");
    costs.forEach(cost -> grid.row(cells(cost, terminal)));
    List<String> rows = grid.lines();
    lines.add(rows.get(0));
    for (int i = 0; i < costs.size(); i++) {
      lines.add(rows.get(i + 1));
      for (String why : Wrap.lines(why(costs.get(i)), terminal.width() - INDENT.length())) {
        lines.add(INDENT + terminal.styled(Style.DIM, why));
      }
    }
    return lines;
  }

  private static Cell[] cells(ExampleCost cost, Terminal terminal) {
    CostExample example = cost.example();
    return new Cell[] {
      Cell.plain(example.id()),
      Cell.plain(example.model()),
      Cell.plain(example.method().label()),
      Cell.plain(example.gpus() + (terminal.unicode() ? " × " : " x ") + example.gpu()),
      Cell.plain(cost.price().text(2)),
      Cell.plain(String.valueOf(example.bill().hours())),
      Cell.bold(cost.cost().text(2)),
      Cell.dim(example.bill().usd().toPlainString()),
      Cell.plain(cost.own().map(own -> hours(own.time())).orElse("-")),
      Cell.bold(cost.own().map(own -> own.cost().text(2)).orElse("-"))
    };
  }

  private static String why(ExampleCost cost) {
    return cost.own()
            .filter(own -> own.low().isPresent())
            .map(
                own ->
                    "our hours: "
                        + hours(own.low().orElseThrow())
                        + " to "
                        + hours(own.high().orElseThrow())
                        + "; ")
            .orElse("")
        + cost.why();
  }

  private static String hours(Duration time) {
    return Gib.rounded(Seconds.of(time) / HOUR, 1);
  }
}
