package dev.vramcast.answers.fit;

import dev.vramcast.answers.prices.OfferRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.answers.words.NoticeRecord;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.plan.machine.HeldCard;
import dev.vramcast.core.plan.machine.Rent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@link CardsThatFit} for programs. */
@Describes("Whether a job that names no card fits the cards that people have.")
public record CardsRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes(Meaning.MODEL) String model,
    @Describes("Cards, the cheapest to rent first and those without a price last.")
        List<Card> cards,
    @Describes("Cards on which it cannot run, or is not modelled.") List<Refused> refused,
    @Describes(Meaning.JOB) JobDocument job,
    WarningsRecord warnings) {

  public static final String KIND = "cards";

  /** A card. */
  record Card(
      @Describes(Meaning.GPU) String gpu,
      @Describes("How many of it.") int gpus,
      @Describes(Meaning.MEMORY) long memoryBytes,
      NeedRecord need,
      @Describes("Of all GPUs, padding included; null where no rates are known.")
          OptionalDouble tokensPerSecond,
      @Describes("Of the run, or of a million tokens; null where no list has a price.")
          Optional<Usd> usd,
      @Describes("Whether that is the price of the whole run.") boolean wholeRun,
      @Describes("The cheapest such machine; null where no list has one.")
          Optional<OfferRecord> offer) {

    private static Card of(HeldCard row) {
      Optional<Rent> rent = row.rent();
      return new Card(
          row.gpu().name(),
          row.check().resolution().job().parallelism().gpus(),
          row.gpu().allocatableBytes(),
          NeedRecord.of(row.check()),
          rent.map(of -> OptionalDouble.of(of.time().tokensPerSecond()))
              .orElse(OptionalDouble.empty()),
          rent.flatMap(Rent::price),
          rent.flatMap(Rent::run).isPresent(),
          row.offer().map(offer -> OfferRecord.of(offer, row.today())));
    }
  }

  /** A card on which it cannot run, or is not modelled. */
  record Refused(
      @Describes(Meaning.GPU) String gpu,
      @Describes("Why, for people.") String reason,
      @ShownAs("reason") NoticeRecord notice) {

    private static Refused of(CardsThatFit.Refused refused) {
      return new Refused(
          refused.gpu().name(),
          refused.reason().line(ProgramWords.ALL),
          NoticeRecord.of(refused.reason()));
    }
  }

  static CardsRecord of(CardsThatFit report) {
    return new CardsRecord(
        report.sentence(),
        report.model(),
        report.rows().stream().map(Card::of).toList(),
        report.refused().stream().map(Refused::of).toList(),
        report.job(),
        WarningsRecord.of(report.warnings()));
  }
}
