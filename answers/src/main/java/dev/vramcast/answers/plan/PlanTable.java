package dev.vramcast.answers.plan;

import dev.vramcast.answers.prices.Extra;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.JobCommand;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.setting.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link PlanReport} for people. */
public final class PlanTable {

  private static final Subject FORMAT = Subject.option("--format");
  private static final String INDENT = "     ";

  private final PlanReport report;
  private final Terminal terminal;
  private final Sections sections;

  private PlanTable(PlanReport report, Terminal terminal) {
    this.report = report;
    this.terminal = terminal;
    this.sections = new Sections(terminal);
  }

  /**
   * The lines.
   *
   * @param explain why each line is legal, and the first against the next best
   */
  public static List<String> lines(PlanReport report, Terminal terminal, boolean explain) {
    PlanTable table = new PlanTable(report, terminal);
    table.title();
    table.offers();
    if (explain) {
      table.sections.add(PlanComparison.lines(report, terminal));
      table.reasons();
    }
    table.again(explain);
    table.searched();
    table.limits();
    return table.sections.lines();
  }

  private void title() {
    sections.lead(PlanSentence.of(report));
    sections.leading(report.warnings());
    String words =
        switch (report.ranking()) {
          case COST -> "the cheapest offers";
          case TIME -> "the fastest offers";
          case BOTH -> "offers than which none is both cheaper and faster";
        };
    sections.title(
        "%s: %s, %s; age of the prices: %s"
            .formatted(report.model(), words, report.purchase().label(), report.age().text()));
    report.prices().cut().notice().ifPresent(sections::notice);
    report.counted().forEach(sections::notice);
  }

  private List<Offer> shown() {
    return report.plan().lines().stream().map(PlanLine::offer).toList();
  }

  private void offers() {
    Grid grid =
        new Grid(
            terminal,
            Align.RIGHT,
            Align.RIGHT,
            Align.RIGHT,
            Align.LEFT,
            Align.RIGHT,
            Align.LEFT,
            Align.LEFT);
    grid.row(Style.DIM, "", "$", "time", "GPUs", "$/h", "months old", "provider");
    int number = 1;
    for (PlanLine line : report.plan().lines()) {
      Offer offer = line.offer();
      grid.row(
          Cell.dim(Integer.toString(number++)),
          bold(line.cost().text(2), Ranking.COST),
          bold(Spans.text(line.billed()), Ranking.TIME),
          Cell.plain(gpus(line)),
          Cell.plain(line.price().text(2)),
          Cell.dim(offer.asOf().age(report.prices().today()).inMonths()),
          Cell.plain(PricesTable.provider(offer)));
    }
    List<String> rows = grid.lines();
    List<String> lines = new ArrayList<>(List.of(rows.get(0)));
    for (int i = 0; i < report.plan().lines().size(); i++) {
      lines.add(rows.get(i + 1));
      add(lines, settings(report.plan().lines().get(i)));
      if (i + 1 < report.plan().lines().size()) {
        add(
            lines,
            new Advantage(report.plan().lines().get(i), report.plan().lines().get(i + 1))
                .sentence(report.ranking()));
      }
    }
    sections.add(lines);
  }

  private void add(List<String> lines, String text) {
    Wrap.lines(text, terminal.width() - INDENT.length())
        .forEach(line -> lines.add(INDENT + terminal.styled(Style.DIM, line)));
  }

  /** As {@code 8 × RTX 4090}, or {@code 4 × 8 × H100} where several machines run a job. */
  static String gpus(PlanLine line) {
    Offer offer = line.offer();
    String machines = line.nodes() > 1 ? line.nodes() + " × " : "";
    return machines + offer.count() + " × " + offer.gpu().name();
  }

  private Cell bold(String text, Ranking ranking) {
    boolean counts = report.ranking() == ranking || report.ranking() == Ranking.BOTH;
    return counts ? Cell.bold(text) : Cell.plain(text);
  }

  /** What a line costs, of whom, and when its price held, in one line. */
  public static String price(PlanReport report, PlanLine line) {
    String beside =
        line.beside()
            .map(usd -> " and $" + usd.text(2) + " for " + Extra.priced(line.offer()))
            .orElse("");
    return "Price: $%s for %s at $%s an hour%s, %s, of %s; prices of %s"
        .formatted(
            line.cost().text(2),
            Spans.text(line.billed()),
            line.price().text(2),
            beside,
            report.purchase().label(),
            place(line.offer()),
            line.offer().asOf());
  }

  static String place(Offer offer) {
    String machine = PricesTable.machine(offer);
    return PricesTable.provider(offer) + (machine.isEmpty() ? "" : ", " + machine);
  }

  private String settings(PlanLine line) {
    ResolvedJob job = line.job();
    Optional<String> spot = line.spot().map(PlanTable::interrupted);
    Optional<String> beside =
        line.beside().map(usd -> "$" + usd.text(2) + " of it " + Extra.priced(line.offer()));
    return Stream.of(
            beside.stream(),
            Stream.of(PricesTable.machine(line.offer())).filter(name -> !name.isEmpty()),
            Stream.of(
                method(job),
                strategy(job.parallelism()),
                PlanComparison.batch(job) + " sequences",
                "checkpointing " + job.checkpointing().label(),
                "loss " + job.loss().label(),
                job.optimizer().name().label(),
                PlanComparison.memory(line)),
            spot.stream())
        .flatMap(part -> part)
        .collect(Collectors.joining(terminal.unicode() ? " · " : ", "));
  }

  /** With its rank and length where those are among what was chosen. */
  private String method(ResolvedJob job) {
    Choices choices = report.question().choices();
    String rank =
        job.adapter()
            .filter(adapter -> !choices.ranks().isEmpty())
            .map(adapter -> " of rank " + adapter.rank())
            .orElse("");
    String length =
        choices.lengths().isEmpty() ? "" : ", " + job.batch().sequenceLength() + " tokens";
    return job.method().label() + rank + length;
  }

  private static String strategy(Parallelism spread) {
    String offloaded =
        spread.offload().stream()
            .map(OffloadTarget::label)
            .sorted()
            .collect(Collectors.joining(" and "));
    return spread.strategy().label()
        + (offloaded.isEmpty() ? "" : ", " + offloaded + " on the host");
  }

  private static String interrupted(SpotRun run) {
    return Gib.rounded(run.interruptions(), 1)
        + " interruptions expected, a checkpoint every "
        + Spans.text(run.interval());
  }

  private void reasons() {
    sections.title("Why each is legal");
    int number = 1;
    for (PlanLine line : report.plan().lines()) {
      sections.add(List.of("  " + number++ + " " + place(line.offer())));
      line.reasons().forEach(reason -> sections.sentence(reason.sentence()));
    }
  }

  /** The commands that ask again; of the first line alone unless all are explained. */
  private void again(boolean all) {
    sections.title(all ? "Each on its own" : "The first on its own");
    List<String> lines = new ArrayList<>();
    int number = 1;
    for (PlanLine line : report.plan().lines().subList(0, all ? shown().size() : 1)) {
      String text =
          JobCommand.estimate(line.document(), report.question().extras())
              .orElseGet(
                  () ->
                      terminal.text(
                          "the job of ",
                          FORMAT,
                          " json, since no flag takes a model's configuration"));
      lines.add((all ? "  " + number++ + " " : "  ") + text);
    }
    sections.add(lines);
  }

  private void searched() {
    long excluded = report.plan().exclusions().stream().mapToLong(Exclusion::candidates).sum();
    sections.title(
        Gib.grouped(report.plan().candidates())
            + " candidates: offers times settings, each counted for the first constraint it fails");
    Grid grid = new Grid(terminal, Align.RIGHT, Align.LEFT).wrapped();
    for (Exclusion each : report.plan().exclusions()) {
      boolean partly = each.constraint().equals(Exclusion.MEMORY) && !report.plan().memoryIsWhole();
      grid.row(
          Cell.plain(Gib.grouped(each.candidates())),
          Cell.plain(
              report.name(
                  each, partly ? ", of those that were in question" : "", terminal.words())));
    }
    grid.row(
        Cell.plain(Gib.grouped(report.plan().candidates() - excluded)),
        Cell.plain("shown, or no better than what is shown whatever they need"));
    sections.add(grid.lines());
  }

  private void limits() {
    sections.title("Not in these figures");
    sections.sentence(Extra.leftOut(shown()));
    sections.sentence("Whether the machine can be had: a list is no stock.");
    boolean several = report.plan().lines().stream().anyMatch(line -> line.rental().nodes() > 1);
    if (report.plan().lines().stream().anyMatch(line -> line.spot().isPresent())) {
      sections.sentence(
          "Waiting for a new machine. An interruption every "
              + Spans.text(report.question().terms().between())
              + (several ? " of each machine" : "")
              + " is taken to come, which nobody publishes.");
    }
  }
}
