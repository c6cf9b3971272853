package dev.vramcast.answers.plan;

import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Ranking;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would be found without a limit where nothing is found within it.
 *
 * @param line the first that would be; empty where nothing would
 */
public record Beyond(Limit limit, Optional<PlanLine> line) {

  /** What is lifted. */
  public enum Limit implements Named {
    BUDGET("budget"),
    DEADLINE("deadline"),
    BOTH("both");

    private final String label;

    Limit(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }

    /** Limits without it. */
    Limits lift(Limits limits) {
      return switch (this) {
        case BUDGET -> limits.anyBudget();
        case DEADLINE -> limits.anyDeadline();
        case BOTH -> limits.anyBudget().anyDeadline();
      };
    }

    /** What is best where it is lifted. */
    Ranking ranking() {
      return this == DEADLINE ? Ranking.TIME : Ranking.COST;
    }

    private Phrase options() {
      Subject budget = Subject.option(PlanFlags.BUDGET);
      Subject deadline = Subject.option(PlanFlags.DEADLINE);
      return switch (this) {
        case BUDGET -> Phrase.of(budget);
        case DEADLINE -> Phrase.of(deadline);
        case BOTH -> Phrase.of(budget, " and ", deadline);
      };
    }

    private String words() {
      return switch (this) {
        case BUDGET -> "the budget";
        case DEADLINE -> "the deadline";
        case BOTH -> "budget and deadline";
      };
    }
  }

  /** What to lift, one after the other, where limits left some candidates out. */
  static List<Limit> tried(Limits limits, List<Exclusion> exclusions) {
    List<Limit> tried = new ArrayList<>();
    if (limits.budget().isPresent() && excludes(exclusions, Exclusion.BUDGET)) {
      tried.add(Limit.BUDGET);
    }
    if (limits.deadline().isPresent() && excludes(exclusions, Exclusion.DEADLINE)) {
      tried.add(Limit.DEADLINE);
    }
    if (!tried.isEmpty() && limits.budget().isPresent() && limits.deadline().isPresent()) {
      tried.add(Limit.BOTH);
    }
    return tried;
  }

  private static boolean excludes(List<Exclusion> exclusions, String constraint) {
    return exclusions.stream().anyMatch(each -> each.constraint().equals(constraint));
  }

  /** As {@code without --budget it costs least by LoRA on one L4 of aws: $1.20 in 2.1 h}. */
  Phrase hint() {
    return line.map(found -> Phrase.of("without ").and(limit.options()).and(would(found)))
        .orElseGet(() -> Phrase.of("nor without ").and(limit.options()));
  }

  /** The same within a sentence. */
  String sentence() {
    return line.map(found -> "without " + limit.words() + " it " + text(found))
        .orElseGet(() -> "nor without " + limit.words());
  }

  private Phrase would(PlanLine found) {
    return Phrase.of(" it ", text(found));
  }

  /** What it would be, in figures that are enough as limits. */
  private String text(PlanLine found) {
    String first =
        (limit == Limit.DEADLINE ? "is fastest " : "costs least ") + PlanSentence.least(found);
    return found.rental().held().equals(found.rental().time())
        ? first
        : first + ", and " + held(found) + " where training is as slow as the slowest of ten runs";
  }

  private String held(PlanLine found) {
    String cost = "$" + found.heldCost().upTo(2).text(2);
    String time = Spans.upTo(found.heldBilled());
    return switch (limit) {
      case BUDGET -> cost;
      case DEADLINE -> time;
      case BOTH -> cost + " in " + time;
    };
  }
}
