package dev.vramcast.answers.cost;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import java.util.List;

/** What costs take for granted. */
final class CostNotes {

  private CostNotes() {}

  static List<String> ofJob() {
    return List.of(
        "Hours are those of vramcast estimate, with start and last checkpoint; the range held eight"
            + " of ten runs of such a kind.",
        "Each GPU has the job's micro-batch, so that more of them make larger batches. Where the"
            + " job does not say how it is spread, it is as its framework or most people do if that"
            + " fits, else sharded (fsdp2).");
  }

  static List<String> ofSize(String method) {
    boolean full = method.equals("full");
    return List.of(
        "Memory is a rule of thumb, divided among all GPUs of the machine; --model estimates it.",
        (full ? "6" : "4")
            + " operations a token for each parameter that it visits, at the share of the peak that"
            + " users' runs reach when nothing else is counted. Attention, recomputation and"
            + " communication are not: small batches, slow links and long sequences are slower.",
        "The range held eight of ten runs, "
            + (method.equals("qlora") ? "2.94" : "2.03")
            + " times faster and slower.");
  }

  static List<String> ofSpot(SpotTerms terms) {
    return List.of(
        "Spot machines are taken away every "
            + Spans.text(terms.between())
            + " on average: "
            + (terms.between().equals(SpotTerms.USUAL.between())
                ? "a choice and no measurement, --interruptions-every sets it."
                : "as given, no measurement."),
        terms
                .interval()
                .map(interval -> "Checkpoints are at most " + Spans.text(interval) + " apart")
                .orElse("Checkpoints are as far apart as Young and Daly have it")
            + ", at 1 GB a second and "
            + Gib.rounded(SpotRun.SHORTEST_CHECKPOINT.toSeconds(), 0)
            + " s at least. A restart takes "
            + terms.restart().map(Spans::text).orElse("as long as the start")
            + ".",
        "Spot costs are the mean and what nine of ten runs stay below, as far as interruptions"
            + " go, at the speed that is estimated; p90 is below the mean where nine of ten are"
            + " never interrupted. Waiting for a machine is not counted.");
  }

  /** Where a run on spot has no figures. */
  static String ofHopeless() {
    return "hopeless: interrupted so often that less than a tenth of what is paid for would be"
        + " progress, which no spot price makes good.";
  }

  static List<String> ofPrices() {
    return List.of(
        "Storage, traffic and the least time that is billed are in no price; a list is no stock.");
  }
}
