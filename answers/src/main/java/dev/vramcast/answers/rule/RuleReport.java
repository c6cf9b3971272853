package dev.vramcast.answers.rule;

import dev.vramcast.answers.terminal.Bar;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.rule.ModelSize;
import dev.vramcast.core.rule.RuleMethod;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.rule.SizeClass;
import java.util.List;
import java.util.Optional;

/**
 * The rule of thumb's answer for a model of which only the size is known.
 *
 * @param rank of the adapters
 */
public record RuleReport(
    ModelSize size,
    RuleMethod method,
    int rank,
    RuleOfThumb rule,
    Optional<Gpu> gpu,
    List<Notice> warnings)
    implements Answer {

  private static final Notice LABEL =
      Notice.of(
          "A rule of thumb, not a measurement: it knows nothing of batch, sequence, vocabulary or"
              + " framework. Give ",
          JobKey.MODEL_ID,
          " for an estimate.");
  private static final int LONGEST_BAR = 48;
  private static final double BILLION = 1e9;

  public RuleReport {
    warnings = List.copyOf(warnings);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    String dot = terminal.unicode() ? " · " : ", ";
    sections.title(billions() + " parameters" + dot + method.label() + dot + "1 GPU");
    Grid total = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT);
    total.row(
        Cell.plain("Rule of thumb"),
        Cell.bold(Gib.text(rule.totalBytes())),
        Cell.plain(
            Gib.gigabytes(rule.totalBytes()) + " GB" + gpu.map(RuleReport::card).orElse("")));
    sections.add(total.lines());
    sections.notice(LABEL);
    sections.title("What it adds up");
    sections.add(parts(terminal));
    return sections.lines();
  }

  @Override
  public Record record() {
    return RuleOfThumbRecord.of(this, LABEL.line(ProgramWords.ALL));
  }

  private List<String> parts(Terminal terminal) {
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT);
    String trained = size.isSparse() ? "active parameter" : "parameter";
    boolean full = method == RuleMethod.FULL;
    String each = full ? trained : "parameter of the adapters";
    part(grid, terminal, "weights", rule.weightBytes(), weightRule());
    if (!full) {
      String adapters = "rank " + rank + ", scaled from the guide's at rank " + SizeClass.RANK;
      part(grid, terminal, "adapters", rule.adapterBytes(), adapters);
    }
    part(grid, terminal, "gradients", rule.gradientBytes(), "2 bytes for each " + each);
    part(grid, terminal, "optimizer", rule.optimizerBytes(), "Adam, 8 bytes for each " + each);
    String flat = "flat sum of the class " + rule.sizeClass().label();
    part(grid, terminal, "activations", rule.activationBytes(), flat);
    return grid.lines();
  }

  private void part(Grid grid, Terminal terminal, String name, long bytes, String why) {
    int width = Math.min(LONGEST_BAR, terminal.width() - 70);
    grid.row(
        Cell.plain(name),
        Cell.plain(Gib.text(bytes)),
        new Cell(Bar.of(bytes, rule.totalBytes(), width, terminal), Style.BAR),
        Cell.dim(why));
  }

  private String weightRule() {
    return switch (method) {
      case FULL, LORA -> "16 bits, 2 bytes a parameter";
      case QLORA -> "NF4, half a byte a parameter";
    };
  }

  /** The size for people, e.g. {@code 30.0B (3.0B active)}. */
  public String billions() {
    String all = Gib.rounded(size.parameters() / BILLION, 1) + "B";
    return size.isSparse()
        ? all + " (" + Gib.rounded(size.active() / BILLION, 1) + "B active)"
        : all;
  }

  private static String card(Gpu card) {
    return ", of " + Gib.card(card.allocatableBytes()) + " (" + card.name() + ")";
  }
}
