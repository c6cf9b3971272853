package dev.vramcast.answers.estimate;

import dev.vramcast.answers.correction.CorrectionLines;
import dev.vramcast.answers.memory.CodeTable;
import dev.vramcast.answers.memory.DeviceTable;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.memory.LifeTable;
import dev.vramcast.answers.memory.ModuleTable;
import dev.vramcast.answers.memory.PeakText;
import dev.vramcast.answers.memory.RangeLines;
import dev.vramcast.answers.memory.RanksTable;
import dev.vramcast.answers.memory.SettingsTable;
import dev.vramcast.answers.memory.TimeLines;
import dev.vramcast.answers.terminal.Bar;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleTree;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** An estimate for people. */
public final class EstimateTable {

  private static final int LONGEST_BAR = 48;
  private static final int SHORTEST_BAR = 4;

  private final EstimateReport report;
  private final RankEstimate memory;
  private final ExpectedMemory expected;
  private final Terminal terminal;
  private final Sections sections;

  private EstimateTable(EstimateReport report, Terminal terminal) {
    this.report = report;
    this.memory = report.memory().worst();
    this.expected = report.expected();
    this.terminal = terminal;
    this.sections = new Sections(terminal);
  }

  /**
   * The lines of the table: the first screen, and what is asked for beside it.
   *
   * @param explain show all figures, every setting and every tensor
   * @param ranks show every kind of rank, not only the one that needs most
   */
  static List<String> lines(
      EstimateAnswer answer, Terminal terminal, boolean explain, boolean ranks) {
    EstimateReport report = answer.report();
    EstimateTable table = new EstimateTable(report, terminal);
    answer.screen().addTo(table.sections, terminal, explain);
    answer.corrected().ifPresent(figures -> CorrectionLines.add(figures, terminal, table.sections));
    if (ranks) {
      table.ranks();
    }
    WorstBatchTable.add(report, terminal, table.sections);
    if (explain) {
      table.figures();
    }
    if (answer.modules()) {
      table.modules(explain);
    }
    if (explain) {
      table.explained();
    } else {
      WrittenAtTheEnd.add(
          report.life(), report.resolution().job().saving().merge(), table.sections);
      table.sections.more("Figures, phases, tensors, settings and ranges: --explain");
    }
    return table.sections.lines();
  }

  private void figures() {
    headline();
    device();
    TimeLines.add(report, terminal, sections);
    episodes();
    phases();
    breakdown();
  }

  private void explained() {
    largest();
    SettingsTable.add(report, terminal, sections, true);
    CodeTable.add(report, terminal, sections);
    ranges();
  }

  /** The first screen, what is alive at the peak, and what nobody gave. */
  static List<String> brief(EstimateAnswer answer, Terminal terminal) {
    EstimateTable table = new EstimateTable(answer.report(), terminal);
    answer.screen().addTo(table.sections, terminal, true);
    answer.corrected().ifPresent(figures -> CorrectionLines.add(figures, terminal, table.sections));
    WorstBatchTable.add(answer.report(), terminal, table.sections);
    table.headline();
    table.breakdown();
    SettingsTable.assumed(answer.report()).ifPresent(table.sections::sentence);
    return table.sections.lines();
  }

  private void headline() {
    String dot = terminal.unicode() ? " · " : ", ";
    ResolvedJob job = report.resolution().job();
    sections.title(report.model().id() + dot + job.method().label() + dot + cards(job));
    if (!terminal.bars()) {
      decidingCard().ifPresent(this::gauge);
    }
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT);
    grid.row(
        Cell.plain("Peak allocated"),
        Cell.bold(Gib.text(memory.allocatedBytes())),
        Cell.plain(RangeLines.ends(expected.allocated())),
        Cell.dim("by PyTorch, " + PeakText.of(memory)));
    grid.row(
        Cell.plain("Reserved"),
        Cell.plain(Gib.text(expected.reserved().bytes())),
        Cell.plain(RangeLines.ends(expected.reserved())),
        Cell.dim("by its caching allocator"));
    grid.row(
        Cell.plain("On the device"),
        Cell.plain(Gib.text(expected.device().bytes())),
        Cell.plain(RangeLines.ends(expected.device())),
        Cell.dim(
            "with the CUDA context" + (communicates() ? " and NCCL's buffers" : "") + whenRead()));
    grid.row(
        Cell.plain("Needed of it"),
        Cell.bold(Gib.text(expected.needed().bytes())),
        Cell.plain(RangeLines.ends(expected.needed())),
        Cell.plain(
            report.gpu().map(this::card).orElse("when the allocator gives back what it can")));
    long host = report.offloadedBytes();
    if (host > 0) {
      grid.row(
          Cell.plain("In host memory"),
          Cell.plain(Gib.text(host)),
          Cell.plain(""),
          Cell.dim("of each machine, for what is offloaded"));
    }
    sections.add(grid.lines());
    if (terminal.bars()) {
      decidingCard().ifPresent(this::gauge);
    }
  }

  /** Why less is on the device than the allocator reserves; empty where it is not. */
  private String whenRead() {
    long all = expected.reserved().bytes() + memory.outside().bytes();
    return expected.device().bytes() < all ? ", in later steps" : "";
  }

  /** Empty where something else decides, of which the first screen speaks. */
  private Optional<Gpu> decidingCard() {
    return report.gpu().filter(card -> report.needs().shortage().isEmpty());
  }

  private boolean communicates() {
    return memory.outside().communicatorBytes() > 0;
  }

  private String cards(ResolvedJob job) {
    int gpus = job.parallelism().gpus();
    if (gpus == 1) {
      return "1 GPU";
    }
    boolean alike = report.memory().ranks().size() == 1;
    return gpus + " GPUs, " + (alike ? "each of which holds" : memory.name() + " holds most");
  }

  private void device() {
    sections.title("What is on the device");
    sections.add(DeviceTable.lines(memory, expected, terminal));
  }

  private void ranks() {
    sections.title("Ranks");
    sections.add(RanksTable.lines(report.memory(), expected, report.gpu(), terminal));
  }

  private String card(Gpu gpu) {
    return "of " + Gib.card(gpu.allocatableBytes()) + " (" + gpu.name() + ")";
  }

  /** The verdict, at the end of a bar where there are bars. */
  private void gauge(Gpu gpu) {
    String words = RangeLines.verdict(expected, gpu);
    Style style = RangeLines.style(expected, gpu);
    String bar = terminal.bars() ? bar(gpu, style, terminal.width() - words.length() - 8) : "";
    sections.add(List.of("  " + bar + terminal.styled(style, words)));
  }

  private String bar(Gpu gpu, Style style, int room) {
    int width = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, room));
    String bar = Bar.of(expected.needed().bytes(), gpu.allocatableBytes(), width, terminal);
    String rest = (terminal.unicode() ? "░" : ".").repeat(width - bar.length());
    return terminal.styled(style, bar) + terminal.styled(Style.DIM, rest) + "  ";
  }

  private void episodes() {
    Life life = report.life();
    sections.title("Episodes of the run");
    sections.add(LifeTable.episodes(life, terminal));
    sections.title("On the disk");
    sections.add(LifeTable.disk(life, terminal));
    Remark.sentences(life.assumptions()).forEach(sections::sentence);
  }

  private void phases() {
    sections.title("Highest in each phase");
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT);
    for (Phase phase : Phase.values()) {
      Optional.ofNullable(memory.phasePeaks().get(phase))
          .ifPresent(bytes -> peak(grid, phase.label(), bytes, phase == memory.peakPhase()));
    }
    sections.add(grid.lines());
  }

  private void peak(Grid grid, String name, long bytes, boolean peak) {
    String bar = Bar.of(bytes, memory.allocatedBytes(), barWidth(), terminal);
    grid.row(
        new Cell(name, peak ? Style.BOLD : Style.PLAIN),
        new Cell(Gib.text(bytes), peak ? Style.BOLD : Style.PLAIN),
        new Cell(bar + (peak ? " peak" : ""), peak ? Style.WARNING : Style.BAR));
  }

  private void breakdown() {
    sections.title("What is alive at the peak");
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT);
    Arrays.stream(Category.values())
        .filter(category -> alive(category) > 0)
        .sorted(Comparator.comparing(category -> -alive(category)))
        .forEach(category -> part(grid, category, alive(category)));
    sections.add(grid.lines());
  }

  private long alive(Category category) {
    return memory.breakdown().getOrDefault(category, 0L);
  }

  private void part(Grid grid, Category category, long bytes) {
    double percent = 100.0 * bytes / memory.allocatedBytes();
    grid.row(
        Cell.plain(category.label()),
        Cell.plain(Gib.text(bytes)),
        Cell.plain(Gib.rounded(percent, 1) + " %"),
        new Cell(Bar.of(bytes, memory.allocatedBytes(), barWidth(), terminal), Style.BAR));
  }

  private void largest() {
    sections.title("All tensors alive at the peak");
    Grid grid = new Grid(terminal, Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT);
    for (Alive alive : report.alive()) {
      grid.row(
          Cell.plain(Gib.text(alive.bytes())),
          Cell.plain(alive.count() + (terminal.unicode() ? " ×" : " x")),
          Cell.plain(alive.name()),
          Cell.dim(alive.category().label()));
    }
    sections.add(grid.lines());
  }

  private void modules(boolean explain) {
    sections.title("Tensors alive at the peak, by module");
    sections.add(ModuleTable.lines(ModuleTree.of(memory.trace()), terminal, explain));
  }

  private void ranges() {
    List<String> lines = RangeLines.origins(expected, terminal);
    if (!lines.isEmpty()) {
      sections.title("What the 90 % ranges rest on");
      sections.add(lines);
    }
  }

  private int barWidth() {
    return Math.min(LONGEST_BAR, terminal.width() - 46);
  }
}
