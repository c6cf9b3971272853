package dev.vramcast.answers.plan;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Ranking;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * Why a line of a plan stands before the next one.
 *
 * @param line that is better
 * @param next that is not
 */
record Advantage(PlanLine line, PlanLine next) {

  /** Nearer to 1 than this is the same. */
  private static final double ALIKE = 0.005;

  /** Dollars of which fewer are not told. */
  private static final double CENT = 0.005;

  /** One sentence on what it saves, from what that follows, and what the next one is better at. */
  String sentence(Ranking ranking) {
    return switch (ranking) {
      case COST, BOTH -> "before the next: " + cheaper() + ", since " + factors() + longer();
      case TIME -> "before the next: " + faster() + ", for " + dollars() + ".";
    };
  }

  private String cheaper() {
    BigDecimal saved = next.cost().amount().subtract(line.cost().amount());
    double share = saved.doubleValue() / next.cost().amount().doubleValue();
    return "$"
        + Gib.rounded(saved.doubleValue(), 2)
        + " ("
        + Gib.rounded(100 * share, 0)
        + " %) less";
  }

  /** Cost is a price for some time and what is paid beside it, so one of these has to be less. */
  private String factors() {
    double price = line.price().amount().doubleValue() / next.price().amount().doubleValue();
    double time = seconds(line.billed()) / seconds(next.billed());
    String hours = "an hour costs " + times(price, "much");
    String takes = "it takes " + times(time, "long");
    return beside()
        .map(more -> hours + ", " + takes + " and " + more)
        .orElse(hours + " and " + takes);
  }

  /** Of storage and traffic; empty where neither line has a price of them. */
  private Optional<String> beside() {
    if (line.beside().isEmpty() && next.beside().isEmpty()) {
      return Optional.empty();
    }
    double more = beside(line) - beside(next);
    return Optional.of(
        Math.abs(more) < CENT
            ? "storage and traffic cost the same"
            : "storage and traffic cost $"
                + Gib.rounded(Math.abs(more), 2)
                + (more > 0 ? " more" : " less"));
  }

  private static double beside(PlanLine line) {
    return line.beside().map(usd -> usd.amount().doubleValue()).orElse(0.0);
  }

  private static String times(double factor, String what) {
    return Math.abs(factor - 1) < ALIKE ? "the same" : Gib.rounded(factor, 2) + " times as " + what;
  }

  private String longer() {
    Duration more = line.billed().minus(next.billed());
    return more.isNegative() || more.isZero() ? "." : "; the next saves " + Spans.text(more) + ".";
  }

  private String faster() {
    Duration saved = next.billed().minus(line.billed());
    return saved.isZero() ? "as fast" : Spans.text(saved) + " less";
  }

  private String dollars() {
    double more = line.cost().amount().subtract(next.cost().amount()).doubleValue();
    return "$" + Gib.rounded(Math.abs(more), 2) + (more >= 0 ? " more" : " less");
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
