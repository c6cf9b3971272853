package dev.vramcast.answers.fit;

import dev.vramcast.answers.first.LifeWords;
import dev.vramcast.answers.first.Taken;
import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Money;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.machine.HeldCard;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.range.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A job held against many cards, the cheapest to rent first and those that no list has a price of
 * last.
 *
 * @param model name for people
 * @param refused cards on which such a job cannot run, or is not modelled
 * @param warnings what is to be known of it
 */
public record CardsThatFit(
    String model,
    JobDocument job,
    List<HeldCard> rows,
    List<Refused> refused,
    List<Notice> warnings)
    implements Answer {

  /**
   * A card on which the job cannot run, or is not modelled, with the reason.
   *
   * @param forLackOfMemory the reason is that it has too little
   */
  public record Refused(Gpu gpu, Notice reason, boolean forLackOfMemory) {}

  private static final Notice SEVERAL =
      Notice.of(new Subject.Operation("plan"))
          .and(" looks for machines of several cards, and ", JobKey.GPU)
          .and(" H100:8 asks about one.");

  public CardsThatFit {
    rows = HeldCard.byPrice(rows);
    refused = List.copyOf(refused);
    warnings = List.copyOf(warnings);
  }

  /** The answer in one sentence. */
  public String sentence() {
    List<HeldCard> fitting = rows.stream().filter(row -> row.check().fits()).toList();
    int gpus = rows.get(0).check().resolution().job().parallelism().gpus();
    String subject =
        Training.of(rows.get(0).check().resolution().job()).first()
            + " of "
            + model
            + (gpus == 1 ? "" : " on " + gpus + " of a kind");
    Optional<Gpu> smallest = HeldCard.smallest(rows);
    Optional<FitCheck> lacking =
        rows.stream().map(HeldCard::check).min(Comparator.comparingLong(FitCheck::decidingBytes));
    if (isElsewhere()) {
      return LifeWords.onEach(lacking.orElseThrow(), subject, "whatever the card");
    }
    if (smallest.isEmpty()) {
      return subject + " fits none of " + asked() + " cards for certain.";
    }
    return "%s fits %d of %d cards, of which the smallest is the %s"
        .formatted(subject, fitting.size(), asked(), smallest.get().name())
        .concat(cheapest(fitting) + ".");
  }

  /** What of the machine, not of its card, there is too little of. */
  private static Optional<Resource> elsewhere(FitCheck check) {
    return check.shortage().map(Shortage::resource).filter(resource -> resource != Resource.GPU);
  }

  /** Whether what decides is none of any card, which the sentence says. */
  private boolean isElsewhere() {
    return rows.stream().allMatch(row -> elsewhere(row.check()).isPresent());
  }

  private String verdict(FitCheck check) {
    return check.verdict().words()
        + elsewhere(check)
            .filter(of -> !isElsewhere())
            .map(of -> of == Resource.DISK ? " its disk" : " its host memory")
            .orElse("");
  }

  private int asked() {
    return rows.size() + refused.size();
  }

  private static String cheapest(List<HeldCard> fitting) {
    HeldCard first = fitting.get(0);
    return first
        .hourly()
        .map(
            price ->
                " and the cheapest to rent the "
                    + first.gpu().name()
                    + ", $"
                    + price.text(2)
                    + " an hour")
        .orElse("");
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.add(
        Wrap.lines(sentence(), terminal.width()).stream()
            .map(line -> terminal.styled(Style.BOLD, line))
            .toList());
    sections.leading(warnings);
    Taken.lines(rows.get(0).check()).forEach(sections::notice);
    Align r = Align.RIGHT;
    Align l = Align.LEFT;
    boolean runs = rows.stream().anyMatch(row -> row.rent().flatMap(Rent::run).isPresent());
    Grid grid = new Grid(terminal, l, l, r, r, r, r, r, r, l, l).wrapped();
    grid.row(
        Style.DIM,
        "",
        "",
        "chance",
        "needs",
        "of GiB",
        "tok/s",
        runs ? "$ the run" : "$/M tok",
        "$/h",
        "months",
        "provider");
    rows.forEach(row -> grid.row(cells(row)));
    sections.title("By price");
    sections.add(grid.lines());
    refusals().forEach(sections::notice);
    if (HeldCard.smallest(rows).isEmpty()) {
      sections.notice(SEVERAL);
    }
    return sections.lines();
  }

  /** Cards of one reason together; too little memory is one, told of the card that has the most. */
  private List<Notice> refusals() {
    Map<Object, List<Refused>> alike = new LinkedHashMap<>();
    for (Refused each : refused) {
      Object key = each.forLackOfMemory() ? true : each.reason();
      alike.computeIfAbsent(key, reason -> new ArrayList<>()).add(each);
    }
    return alike.values().stream().map(CardsThatFit::refusal).toList();
  }

  private static Notice refusal(List<Refused> cards) {
    Refused largest =
        Collections.max(cards, Comparator.comparingLong(each -> each.gpu().allocatableBytes()));
    String names = cards.stream().map(each -> each.gpu().name()).collect(Collectors.joining(", "));
    boolean several = cards.size() > 1 && largest.forLackOfMemory();
    return largest
        .reason()
        .behind("Not on ", names, several ? "; on " + largest.gpu().name() : "", ": ");
  }

  private Cell[] cells(HeldCard row) {
    FitCheck check = row.check();
    Verdict verdict = check.verdict();
    Optional<Offer> offer = row.offer();
    return new Cell[] {
      Cell.plain(row.gpu().name()),
      new Cell(verdict(check), FitTable.style(verdict)),
      Cell.plain(elsewhere(check).isPresent() ? "" : Chance.text(check.chance())),
      Cell.plain(Gib.rounded(Gib.of(check.deviceBytes()), 1)),
      Cell.plain(Gib.rounded(Gib.of(check.usableBytes()), 1)),
      Cell.plain(
          row.rent()
              .map(rent -> Gib.grouped(Math.round(rent.time().tokensPerSecond())))
              .orElse("-")),
      Cell.plain(row.rent().flatMap(Rent::price).map(Money::text).orElse("-")),
      Cell.plain(row.hourly().map(price -> price.text(2)).orElse("-")),
      Cell.dim(offer.map(machine -> machine.asOf().age(row.today()).inMonths()).orElse("-")),
      Cell.plain(offer.map(machine -> PricesTable.provider(machine)).orElse("no price"))
    };
  }

  @Override
  public List<Notice> warnings() {
    return warnings;
  }

  @Override
  public Record record() {
    return CardsRecord.of(this);
  }
}
