package dev.vramcast.answers.first;

import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Money;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.SpeedRange;

/** Hours and dollars of a job on its card, in one sentence. */
record RentLine(Rent rent) {

  Notice notice() {
    SpeedRange range = rent.time().throughput().range();
    Notice speed =
        Notice.of(
            count(rent.time().tokensPerSecond())
                + " tokens/s ("
                + count(range.low())
                + " to "
                + count(range.high())
                + "): "
                + rent.run().map(this::whole).orElseGet(this::sample));
    boolean filled = rent.run().isPresent() && rent.filled();
    return (filled
            ? speed.and(" if every example is as long as allowed (", JobKey.TOKENS_PER_EXAMPLE, ")")
            : speed)
        .and(price())
        .and(rent.apart() ? apart() : Notice.of(""));
  }

  private static Notice apart() {
    return Notice.of(" Of those that are, nobody says by what network they reach each other; ")
        .and(JobKey.NETWORK, " says it.");
  }

  private String whole(RunEstimate run) {
    return "the run takes "
        + Spans.text(run.total())
        + " ("
        + Spans.text(run.low())
        + " to "
        + Spans.text(run.high())
        + ")"
        + dollars();
  }

  private String sample() {
    return "a million tokens take " + Spans.text(rent.duration()) + dollars();
  }

  private String dollars() {
    return rent.price().map(usd -> " and " + Money.dollars(usd)).orElse("");
  }

  private String price() {
    return rent.offer()
        .map(
            machine ->
                ", at $"
                    + rent.hourly().orElseThrow().text(2)
                    + " an hour of "
                    + PricesTable.provider(machine)
                    + "; age of the price: "
                    + machine.asOf().age(rent.today()).text()
                    + (rent.isOld() ? ", and no list has a younger one of such a machine" : "")
                    + ".")
        .orElse(
            rent.apart()
                ? "; no price of machines that a network connects is in the list."
                : "; no price of such a machine is in the list.");
  }

  private static String count(double number) {
    return Gib.grouped(Math.round(number));
  }
}
