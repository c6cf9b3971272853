package dev.vramcast.answers.max;

import dev.vramcast.answers.first.Caveats;
import dev.vramcast.answers.first.Taken;
import dev.vramcast.answers.fit.FitTable;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.range.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a card can train, by model and method.
 *
 * @param title e.g. {@code What a card of 24GB can train}
 * @param methods the columns
 * @param rows the smallest model first
 * @param settings what all jobs have in common, one sentence each
 * @param warnings what is to be known of it
 */
public record ModelsThatFit(
    String title,
    List<Method> methods,
    List<Row> rows,
    List<String> settings,
    List<Notice> warnings)
    implements Answer {

  private static final double BILLION = 1e9;

  /**
   * A model.
   *
   * @param checks by method; one that is missing cannot be trained so
   */
  public record Row(String model, long parameters, Map<Method, FitCheck> checks) {}

  public ModelsThatFit {
    methods = List.copyOf(methods);
    rows = List.copyOf(rows);
    settings = List.copyOf(settings);
    warnings = List.copyOf(warnings);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.title(title + ": GiB to spare");
    List<FitCheck> checks = rows.stream().flatMap(row -> row.checks().values().stream()).toList();
    checks.stream()
        .findFirst()
        .map(check -> Taken.lines(check.resolution(), Caveats.ofMany(checks)))
        .ifPresent(lines -> lines.forEach(sections::notice));
    List<Align> aligns = new ArrayList<>(List.of(Align.LEFT, Align.RIGHT));
    List<String> head = new ArrayList<>(List.of("", "parameters"));
    for (Method method : methods) {
      aligns.addAll(List.of(Align.RIGHT, Align.LEFT));
      head.addAll(List.of(method.label(), ""));
    }
    Grid grid = new Grid(terminal, aligns.toArray(Align[]::new));
    grid.row(Style.DIM, head.toArray(String[]::new));
    rows.forEach(row -> grid.row(cells(row)));
    sections.add(grid.lines());
    sections.title("Assumptions");
    settings.forEach(sections::sentence);
    return sections.lines();
  }

  private Cell[] cells(Row row) {
    List<Cell> cells = new ArrayList<>();
    cells.add(Cell.plain(row.model()));
    cells.add(Cell.dim(Gib.rounded(row.parameters() / BILLION, 1) + " B"));
    for (Method method : methods) {
      FitCheck check = row.checks().get(method);
      cells.add(check == null ? Cell.dim("-") : Cell.plain(spare(check)));
      cells.add(check == null ? Cell.plain("") : verdict(check.verdict()));
    }
    return cells.toArray(Cell[]::new);
  }

  private static String spare(FitCheck check) {
    String gib = Gib.rounded(Gib.of(check.spareBytes()), 2);
    return check.spareBytes() > 0 ? "+" + gib : gib;
  }

  private static Cell verdict(Verdict verdict) {
    String word = verdict == Verdict.DOES_NOT_FIT ? "no" : verdict.words();
    return new Cell(word, FitTable.style(verdict));
  }

  @Override
  public Record record() {
    return ModelsThatFitRecord.of(this);
  }
}
