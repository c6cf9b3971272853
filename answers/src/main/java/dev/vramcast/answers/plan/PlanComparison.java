package dev.vramcast.answers.plan;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.range.ByteRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The first line of a plan beside the next best. */
final class PlanComparison {

  private static final double HOUR = 3600;

  private PlanComparison() {}

  static List<String> lines(PlanReport report, Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.add(List.of(""));
    Optional<PlanLine> next = report.next();
    sections.add(List.of(terminal.styled(Style.BOLD, "The first and the next best")));
    if (next.isEmpty()) {
      sections.sentence("There is no next: nothing else is within all constraints.");
      return sections.lines();
    }
    PlanLine first = report.plan().lines().get(0);
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT, Align.LEFT);
    grid.row(Style.DIM, "", "first", "next");
    row(grid, "GPUs", first, next.get(), PlanTable::gpus);
    row(grid, "From", first, next.get(), line -> PlanTable.place(line.offer()));
    row(grid, "Price", first, next.get(), line -> "$" + line.price().text(2) + " an hour");
    row(grid, "Cost", first, next.get(), line -> "$" + line.cost().text(2));
    row(grid, "Time", first, next.get(), PlanComparison::time);
    row(grid, "Speed", first, next.get(), PlanComparison::speed);
    row(grid, "Method", first, next.get(), line -> line.job().method().label());
    row(grid, "Strategy", first, next.get(), line -> line.job().parallelism().strategy().label());
    row(grid, "Batch", first, next.get(), line -> batch(line.job()) + " sequences");
    row(grid, "Checkpointing", first, next.get(), line -> line.job().checkpointing().label());
    row(grid, "Loss", first, next.get(), line -> line.job().loss().label());
    row(grid, "Optimizer", first, next.get(), line -> line.job().optimizer().name().label());
    row(grid, "Memory", first, next.get(), PlanComparison::memory);
    sections.add(grid.lines());
    sections.sentence(difference(first, next.get()));
    return sections.lines();
  }

  private static void row(
      Grid grid, String name, PlanLine first, PlanLine next, Function<PlanLine, String> value) {
    String one = value.apply(first);
    String other = value.apply(next);
    boolean same = one.equals(other);
    grid.row(Cell.plain(name), Cell.plain(one), same ? Cell.dim(other) : Cell.plain(other));
  }

  private static String time(PlanLine line) {
    String range = Spans.text(line.run().low()) + " to " + Spans.text(line.run().high());
    return Spans.text(line.billed())
        + ", "
        + range
        + (line.spot().isPresent() ? " without interruptions" : "");
  }

  private static String speed(PlanLine line) {
    return Gib.grouped(Math.round(line.speed().tokensPerSecond())) + " tokens/s";
  }

  /** As {@code 4 × 2 × 8 = 64}: micro-batch, accumulation, ranks. */
  static String batch(ResolvedJob job) {
    Batch batch = job.batch();
    long ranks = job.parallelism().dataParallel();
    return batch.microBatch()
        + " × "
        + batch.gradAccum()
        + " × "
        + ranks
        + " = "
        + ranks * batch.microBatch() * batch.gradAccum();
  }

  /** As {@code 30.1 to 34.0 of 79.2 GiB}: the range of what is needed, and what may be taken. */
  static String memory(PlanLine line) {
    ByteRange range = line.check().range();
    return "needs "
        + Gib.rounded(Gib.of(range.lowBytes()), 1)
        + " to "
        + Gib.rounded(Gib.of(range.highBytes()), 1)
        + " of "
        + Gib.card(line.check().usableBytes());
  }

  private static String difference(PlanLine first, PlanLine next) {
    double dollars = next.cost().amount().subtract(first.cost().amount()).doubleValue();
    double hours = hours(next.billed()) - hours(first.billed());
    return "The next costs "
        + change(dollars, "$", "")
        + " and takes "
        + change(hours, "", " h")
        + ".";
  }

  private static String change(double by, String before, String after) {
    String amount = before + Gib.rounded(Math.abs(by), 2) + after;
    return amount + (by >= 0 ? " more" : " less");
  }

  private static double hours(Duration time) {
    return time.toMillis() / 1000.0 / HOUR;
  }
}
