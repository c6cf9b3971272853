package dev.vramcast.answers.first;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.memory.PeakText;
import dev.vramcast.answers.terminal.Bar;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The first screen of an answer about one job: a sentence, a bar, what decides, the one change that
 * would help most, hours and dollars, and the assumptions that matter most.
 *
 * @param outcome what was found
 * @param advice looks for changes that save memory; empty where the job fits or names no card
 * @param rent looks for what the job costs; empty where no card is named or its rates are not known
 * @param assumptions those that matter most first
 */
public record FirstScreen(
    Outcome outcome,
    Supplier<Optional<Advice>> advice,
    Supplier<Optional<Rent>> rent,
    List<Remark> assumptions) {

  private static final int WIDEST_BAR = 48;
  private static final int PARTS = 3;
  private static final int ASSUMPTIONS = 3;

  /** Lines of the whole. */
  private static final int LONGEST = 25;

  /** Lines on how to see more, behind it. */
  private static final int LINES_OF_MORE = 2;

  /** The answer in one sentence. */
  public String sentence() {
    return PlainSentence.of(outcome);
  }

  /**
   * Adds it.
   *
   * @param all whether every assumption is shown
   */
  public void addTo(Sections sections, Terminal terminal, boolean all) {
    Style style = outcome.card().map(card -> style(card.verdict())).orElse(Style.BOLD);
    List<String> sentence = Wrap.lines(PlainSentence.of(outcome), terminal.width());
    sections.add(sentence.stream().map(line -> terminal.styled(style, line)).toList());
    outcome
        .card()
        .filter(card -> terminal.bars())
        .ifPresent(card -> gauge(card, sections, terminal));
    WideRange.reason(outcome).ifPresent(sections::notice);
    Taken.lines(outcome.resolution(), outcome.caveats()).forEach(sections::notice);
    sections.leading(outcome.resolution().warnings());
    sections.title("What decides");
    outcome
        .needs()
        .shortage()
        .ifPresent(most -> sections.sentence(LifeWords.decides(most, outcome.needs().disk())));
    sections.sentence(peak());
    advice
        .get()
        .ifPresent(
            changes -> {
              sections.title("What would help most");
              sections.sentence(BestChange.of(changes));
            });
    rent.get()
        .ifPresent(
            costs -> {
              sections.title(
                  isTooLarge()
                      ? "Hours and dollars, if " + cards() + " held it"
                      : "Hours and dollars on " + cards());
              sections.notice(new RentLine(costs).notice());
            });
    List<Remark> matter =
        assumptions.stream().filter(remark -> all || !isInHeading(remark)).toList();
    if (all && !matter.isEmpty()) {
      sections.title("Assumptions");
      matter.forEach(remark -> sections.sentence(remark.sentence()));
    } else if (!all) {
      List<Notice> first =
          matter.stream().limit(ASSUMPTIONS).map(remark -> Notice.of(remark.sentence())).toList();
      sections.asFit("Assumptions", first, LONGEST - LINES_OF_MORE);
    }
  }

  /** That a job has no images or no sound stands in the first lines. */
  private boolean isInHeading(Remark remark) {
    return outcome.caveats().textOnly().isPresent()
        && remark.about().filter(Caveats.OTHERS::contains).isPresent();
  }

  private String cards() {
    boolean one = outcome.resolution().job().parallelism().gpus() == 1;
    return one ? "this card" : "these cards";
  }

  private boolean isTooLarge() {
    boolean elsewhere =
        outcome.needs().shortage().filter(it -> it.resource() != Resource.GPU).isPresent();
    return !elsewhere
        && outcome.card().filter(card -> card.verdict() == Verdict.DOES_NOT_FIT).isPresent();
  }

  private static Style style(Verdict verdict) {
    return switch (verdict) {
      case FITS -> Style.GOOD;
      case TIGHT, NOT_MODELLED -> Style.WARNING;
      case DOES_NOT_FIT -> Style.BAD;
    };
  }

  private void gauge(Outcome.OnCard card, Sections sections, Terminal terminal) {
    Optional<Shortage> lacks = outcome.needs().shortage();
    long needed = lacks.map(Shortage::neededBytes).orElse(outcome.neededBytes());
    long free = lacks.map(Shortage::availableBytes).orElse(card.usableBytes()) - needed;
    long whole = lacks.map(Shortage::availableBytes).orElse(card.gpu().allocatableBytes());
    String words =
        Chance.verdict(card.verdict(), card.chance(), free >= 0)
            + ", "
            + (free >= 0 ? Gib.text(free) + " to spare" : Gib.text(-free) + " too much")
            + (free < 0 && Chance.isProbable(card.chance()) ? " by the estimate" : "")
            + lacks.map(each -> LifeWords.room(each.resource())).orElse("");
    int width = Math.max(4, Math.min(WIDEST_BAR, terminal.width() - words.length() - 8));
    String bar = Bar.of(needed, whole, width, terminal);
    String rest = (terminal.unicode() ? "░" : ".").repeat(width - bar.length());
    Style style = style(card.verdict());
    sections.add(
        List.of(
            "  "
                + terminal.styled(style, bar)
                + terminal.styled(Style.DIM, rest)
                + "  "
                + terminal.styled(style, words)));
  }

  /** Where the peak is, and what most of it is. */
  private String peak() {
    RankEstimate worst = outcome.worst();
    String parts =
        worst.breakdown().entrySet().stream()
            .sorted(Map.Entry.<Category, Long>comparingByValue(Comparator.reverseOrder()))
            .limit(PARTS)
            .map(part -> part.getKey().label() + " " + Gib.text(part.getValue()))
            .collect(Collectors.joining(", "));
    return (outcome.needs().shortage().isEmpty() ? "Peak allocated " : "Peak allocated of a card ")
        + Gib.text(worst.allocatedBytes())
        + ", "
        + PeakText.of(worst)
        + ": "
        + parts
        + ".";
  }
}
