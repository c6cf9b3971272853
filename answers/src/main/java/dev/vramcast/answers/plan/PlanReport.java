package dev.vramcast.answers.plan;

import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.market.PriceAge;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.Plan;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where and how to run a job.
 *
 * @param model name for people
 * @param question what was asked
 * @param prices all offers of the market, with their lists
 * @param warnings one line each
 */
public record PlanReport(
    String model,
    Ranking ranking,
    Question question,
    Plan plan,
    PricesReport prices,
    List<String> warnings) {

  public PlanReport {
    warnings = List.copyOf(warnings);
  }

  /** Whether something can be rented. */
  public boolean isFound() {
    return !plan.lines().isEmpty();
  }

  /** Whether the question leaves no candidate whose time, cost and memory matter. */
  public boolean isContradictory() {
    return !isFound() && plan.exclusions().stream().noneMatch(Exclusion::isEstimated);
  }

  /** What leaves nothing, in one line: each constraint with how many candidates it excludes. */
  public String nothing() {
    String excluded =
        plan.exclusions().stream().map(this::excluded).collect(Collectors.joining(", "));
    String age = "; age of the prices: " + age().text();
    return (isContradictory() ? "no candidate is left of " : "nothing fits: of ")
        + Gib.grouped(plan.candidates())
        + (isContradictory() ? ": " : " candidates ")
        + excluded
        + age;
  }

  /** What cannot run at all is told with a reason where nothing else can be changed. */
  private String excluded(Exclusion each) {
    boolean reason = isContradictory() && each.constraint().equals(Exclusion.LEGALITY);
    String why = plan.refusal().filter(text -> reason).map(text -> " (" + text + ")").orElse("");
    return name(each) + " excludes " + Gib.grouped(each.candidates()) + why;
  }

  /** How old the prices of the lines are; of the whole market where there is none. */
  PriceAge age() {
    return prices.age(
        isFound() ? plan.lines().stream().map(PlanLine::offer).toList() : prices.offers());
  }

  /** A constraint as the user gave it. */
  String name(Exclusion exclusion) {
    boolean spot = question.purchase() == Purchase.SPOT;
    return switch (exclusion.constraint()) {
      case Exclusion.PRICE -> spot ? "--spot" : "the lack of an on-demand price";
      case Exclusion.LEGALITY -> "what cannot run there";
      case Exclusion.DEADLINE ->
          question.limits().deadline().isPresent() ? "--deadline" : "a time without end";
      case Exclusion.BUDGET -> "--budget";
      default -> exclusion.constraint();
    };
  }

  /** The line that the first is compared with. */
  Optional<PlanLine> next() {
    return plan.next();
  }
}
