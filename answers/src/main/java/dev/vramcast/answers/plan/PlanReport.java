package dev.vramcast.answers.plan;

import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.market.PriceAge;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.Plan;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import java.util.List;
import java.util.Optional;

/**
 * Where and how to run a job.
 *
 * @param model name for people
 * @param question what was asked
 * @param counted what is taken for granted of the tokens
 * @param prices all offers of the market, with their lists
 * @param warnings what is to be known of it
 * @param beyond what would be found without a limit; empty where something is found, or where no
 *     limit leaves anything out
 */
public record PlanReport(
    String model,
    Ranking ranking,
    Question question,
    Plan plan,
    List<Notice> counted,
    PricesReport prices,
    List<Notice> warnings,
    Optional<Beyond> beyond) {

  public PlanReport {
    counted = List.copyOf(counted);
    warnings = List.copyOf(warnings);
  }

  /** The same with what a limit stands in the way of. */
  PlanReport with(Optional<Beyond> other) {
    return new PlanReport(model, ranking, question, plan, counted, prices, warnings, other);
  }

  /** Whether something can be rented. */
  public boolean isFound() {
    return !plan.lines().isEmpty();
  }

  /** Whether the question leaves no candidate whose time, cost and memory matter. */
  public boolean isContradictory() {
    return plan.isContradictory();
  }

  /**
   * What leaves nothing: first what would be found without a limit, where something would, then
   * each constraint with how many candidates it excludes.
   */
  public InputError nothing() {
    Optional<Beyond> better = beyond.filter(other -> other.line().isPresent());
    InputError error =
        better
            .map(
                other ->
                    InputError.of("nothing fits as asked: ")
                        .and(other.hint().anywhere())
                        .and("; of "))
            .orElseGet(
                () ->
                    InputError.of(
                        isContradictory() ? "no candidate is left of " : "nothing fits: of "))
            .and(
                Gib.grouped(plan.candidates()),
                isContradictory() && better.isEmpty() ? ": " : " candidates ")
            .kind(ErrorKind.NO_MATCH);
    String comma = "";
    for (Exclusion each : plan.exclusions()) {
      error = error.and(comma, constraint(each)).and(excluded(each));
      comma = ", ";
    }
    for (Beyond each : beyond.filter(other -> other.line().isEmpty()).stream().toList()) {
      error = error.hint(each.hint());
    }
    return error.hint("age of the prices: ", age().text());
  }

  private Phrase excluded(Exclusion each) {
    Phrase excluded = Phrase.of(" excludes ", Gib.grouped(each.candidates()));
    return reason(each)
        .map(why -> excluded.and(Phrase.of(" (")).and(why.sentence()).and(Phrase.of(")")))
        .orElse(excluded);
  }

  /** What cannot run at all is told with a reason where nothing else can be changed. */
  private Optional<Notice> reason(Exclusion each) {
    return switch (each.constraint()) {
      case Exclusion.LEGALITY -> plan.refusal().filter(why -> isContradictory());
      case Exclusion.MEMORY -> plan.shortage();
      default -> Optional.empty();
    };
  }

  /** How old the prices of the lines are; of the whole market where there is none. */
  PriceAge age() {
    return prices.age(
        isFound() ? plan.lines().stream().map(PlanLine::offer).toList() : prices.offers());
  }

  /** A constraint as the user gave it: an option, or in words. */
  Object constraint(Exclusion exclusion) {
    boolean spot = purchase() == Purchase.SPOT;
    return switch (exclusion.constraint()) {
      case Exclusion.PRICE -> spot ? Subject.option("--spot") : "the lack of an on-demand price";
      case Exclusion.LEGALITY -> "what cannot run there";
      case Exclusion.DEADLINE ->
          question.limits().deadline().isPresent()
              ? Subject.option(PlanFlags.DEADLINE)
              : "a time without end";
      case Exclusion.BUDGET -> Subject.option(PlanFlags.BUDGET);
      case Exclusion.HOST -> "host memory, too little or not known";
      case Exclusion.NETWORK -> "the lack of a known network between such machines";
      default -> Subject.option(exclusion.constraint());
    };
  }

  /** A constraint in some words, with more behind it. */
  String name(Exclusion exclusion, String more, Words words) {
    return Notice.of(constraint(exclusion), more).line(words);
  }

  /** The line that the first is compared with. */
  Optional<PlanLine> next() {
    return plan.next();
  }

  /** How machines are rented. */
  public Purchase purchase() {
    return question.rentals().purchase();
  }
}
