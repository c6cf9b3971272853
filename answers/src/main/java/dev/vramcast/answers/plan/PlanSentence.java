package dev.vramcast.answers.plan;

import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Ranking;
import java.util.List;

/** A plan in one sentence: where a job runs for least money, and where in least time. */
final class PlanSentence {

  private PlanSentence() {}

  /** As {@code Training llama-3.1-8b costs least by QLoRA on one L4 of aws: $1.20 in 2.1 h.} */
  static String of(PlanReport report) {
    List<PlanLine> lines = report.plan().lines();
    if (lines.isEmpty()) {
      return "Nothing that is for rent trains %s as asked%s."
          .formatted(
              report.model(), report.beyond().map(beyond -> "; " + beyond.sentence()).orElse(""));
    }
    boolean byTime = report.ranking() == Ranking.TIME;
    String first =
        "Training %s %s %s."
            .formatted(report.model(), byTime ? "is fastest" : "costs least", where(lines.get(0)));
    PlanLine last = lines.get(lines.size() - 1);
    boolean both = report.ranking() == Ranking.BOTH && lines.size() > 1;
    return both ? first.replaceFirst("\\.$", "; it is fastest ") + where(last) + "." : first;
  }

  private static String gpus(Offer offer, int nodes) {
    int all = nodes * offer.count();
    return (all == 1 ? "one " : all + " × ")
        + offer.gpu().name()
        + (nodes == 1 ? "" : " in " + nodes + " machines");
  }

  /** By which method, where, for how much and in which time. */
  static String where(PlanLine line) {
    return where(line, line.cost(), Spans.text(line.billed()));
  }

  /** The same with cost and time never below what they are, for limits to be set to. */
  static String least(PlanLine line) {
    return where(line, line.cost().upTo(2), Spans.upTo(line.billed()));
  }

  private static String where(PlanLine line, Usd cost, String time) {
    Offer offer = line.offer();
    return "by %s on %s of %s: $%s in %s"
        .formatted(
            Training.of(line.job()).within(),
            gpus(offer, line.nodes()),
            PricesTable.provider(offer),
            cost.text(2),
            time);
  }
}
