package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.DataReport;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.text.Share;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.WorstBatch;
import dev.vramcast.core.data.WorstBatch.Survival;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobKey;

/** For people: how long batches get, and how long a card survives. */
final class WorstBatchTable {

  private final DataReport report;
  private final WorstBatch batch;
  private final Terminal terminal;
  private final Sections sections;

  private WorstBatchTable(DataReport report, Terminal terminal, Sections sections) {
    this.report = report;
    this.batch = report.batch();
    this.terminal = terminal;
    this.sections = sections;
  }

  static void add(EstimateReport report, Terminal terminal, Sections sections) {
    report
        .data()
        .ifPresent(
            data -> {
              WorstBatchTable table = new WorstBatchTable(data, terminal, sections);
              sections.title("The worst batch");
              table.lengths();
              table.longest();
              data.batch()
                  .survival()
                  .ifPresent(survival -> table.survival(survival, report.gpu().orElseThrow()));
            });
  }

  private void lengths() {
    Align right = Align.RIGHT;
    Grid grid = new Grid(terminal, Align.LEFT, right, right, right, right, right);
    grid.row(Style.DIM, "tokens of", "mean", "p50", "p95", "p99", "longest");
    row(grid, "examples", batch.lengths());
    if (batch.shareCut() > 0) {
      row(grid, "examples, cut at " + batch.cutOff(), batch.cut());
    }
    if (report.varies() && batch.microBatch() > 1) {
      grid.row(
          Cell.plain("batches of " + batch.microBatch()),
          Cell.plain(""),
          number(batch.batches().quantile(0.5)),
          number(batch.batches().quantile(0.95)),
          number(batch.batches().quantile(0.99)),
          number(batch.longest()));
    }
    sections.add(grid.lines());
  }

  private static void row(Grid grid, String name, LengthDistribution lengths) {
    grid.row(
        Cell.plain(name),
        Cell.plain(Gib.rounded(lengths.mean(), 0)),
        number(lengths.quantile(0.5)),
        number(lengths.quantile(0.95)),
        number(lengths.quantile(0.99)),
        number(lengths.max()));
  }

  private static Cell number(int tokens) {
    return Cell.plain(String.valueOf(tokens));
  }

  private void longest() {
    sections.sentence("Lengths are from " + report.data().source() + ".");
    if (batch.shareCut() > 0) {
      String share = Share.percent(batch.shareCut());
      sections.sentence(share + " of the examples are longer than " + batch.cutOff() + " tokens.");
    }
    switch (report.padding()) {
      case PACKED ->
          sections.sentence(
              "batch.padding is packed: examples are joined to sequences of "
                  + batch.cutOff()
                  + " tokens, so every batch needs the same.");
      case PADDED ->
          sections.sentence(
              "batch.padding is padded: every example takes "
                  + batch.cutOff()
                  + " tokens, so every batch needs the same.");
      case LONGEST ->
          sections.sentence(
              batch.epochs() >= 1
                  ? "Every example is seen, so a batch of " + batch.longest() + " tokens will come."
                  : "Not every example is seen; batches have up to "
                      + batch.longest()
                      + " tokens.");
    }
  }

  private void survival(Survival survival, Gpu gpu) {
    if (survival.surely() == survival.perhaps() && survival.surely() == batch.longest()) {
      sections.sentence("Every batch fits the " + gpu.name() + ".");
    } else if (survival.perhaps() == 0) {
      sections.sentence("Not even a single token fits the " + gpu.name() + ".");
    } else {
      someFits(survival, gpu);
    }
  }

  private void someFits(Survival survival, Gpu gpu) {
    Align right = Align.RIGHT;
    Grid grid = new Grid(terminal, Align.LEFT, right, right, right, Align.LEFT);
    grid.row(
        Style.DIM,
        "fits " + gpu.name(),
        "tokens up to",
        "examples",
        "batches",
        "a longer one comes");
    boolean isRange = survival.surely() < survival.perhaps();
    if (isRange) {
      reach(grid, "by the high end of the range", survival.surely());
    }
    reach(grid, "as estimated", survival.expected());
    if (isRange) {
      reach(grid, "by the low end of the range", survival.perhaps());
    }
    sections.add(grid.lines());
    advice(survival);
  }

  private void reach(Grid grid, String name, int tokens) {
    grid.row(
        Cell.plain(name),
        Cell.bold(tokens == 0 ? "none" : String.valueOf(tokens)),
        Cell.plain(Share.percent(batch.cut().shareUpTo(tokens))),
        Cell.plain(Share.percent(batch.batches().shareUpTo(tokens))),
        Cell.plain(longer(tokens)));
  }

  private String longer(int tokens) {
    double batches = batch.rounds().batchesToLonger(tokens);
    if (Double.isInfinite(batches)) {
      return "never";
    }
    if (batches < 1.05) {
      return "in every step";
    }
    int degrees = batch.dataParallel();
    return "once in "
        + Share.about(batches)
        + (degrees > 1 ? " steps of " + degrees + " batches" : " batches");
  }

  private void advice(Survival survival) {
    int fits = survival.expected();
    if (fits >= batch.longest()) {
      return;
    }
    batch
        .chanceWithin(fits)
        .ifPresent(
            chance ->
                sections.sentence(
                    chance > 0
                        ? Share.percent(chance) + " of such runs meet no batch that does not fit."
                        : "The run is certain to meet a batch that does not fit."));
    if (fits > 0) {
      double cut = 1 - batch.lengths().shareUpTo(fits);
      sections.sentence(
          JobKey.SEQUENCE_LENGTH,
          " ",
          fits,
          " is estimated to fit; it cuts ",
          Share.percent(cut),
          " of the examples.");
    }
  }
}
