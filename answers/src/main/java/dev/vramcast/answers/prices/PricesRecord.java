package dev.vramcast.answers.prices;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.form.LocatedFinding;
import dev.vramcast.core.market.Offer;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** {@link PricesReport} for programs. */
@Describes("Machines for rent, the cheapest GPU first.")
public record PricesRecord(
    @Describes("The day on which ages are told.") LocalDate today,
    @Describes("The kind of price that offers are ordered by: on-demand or spot.") String orderedBy,
    AgeRecord age,
    @Describes("Offers that are left out for the age of their price.") int offersLeftOutForAge,
    @Describes("Whether none is as young as was asked for, so that the youngest of each GPU count.")
        boolean allPricesOld,
    @Describes("The price lists that were read.") List<PriceList> lists,
    @Describes("What was asked for.") List<OfferRecord> offers) {

  public static final String KIND = "prices";

  /** A list of prices. */
  record PriceList(
      @Describes("Name of the list, or its file.") String name,
      @Describes("What it is, for people.") String title,
      @Describes("What kind of file it is.") String form,
      Extra<AgeRecord> age,
      @Describes("Whether it has no dates, so that the file's own was taken.") boolean dateAssumed,
      @Describes("Rows that name a GPU.") int rows,
      @Describes("Offers that they gave.") int offers,
      @Describes("Rows that gave none.") long rowsLeftOut,
      @Describes("What was found in rows, in the order of the file.") List<Found> findings) {

    private static PriceList of(LoadedPrices prices, PricesReport report) {
      List<Offer> offers = prices.list().offers();
      return new PriceList(
          prices.list().name(),
          prices.list().title(),
          prices.form().label(),
          offers.isEmpty() ? Extra.none() : Extra.of(AgeRecord.of(report.age(offers))),
          prices.dateAssumed(),
          prices.rows(),
          offers.size(),
          prices.dropped(),
          prices.findings().stream().map(Found::of).toList());
    }
  }

  /** What was found in a row. */
  record Found(
      @Describes("File and line.") String place,
      @Describes("Whether the row gave no offer for it.") boolean leftOut,
      @Describes("What it is, for people.") String reason,
      @Describes("What the row says.") String detail) {

    private static Found of(LocatedFinding found) {
      return new Found(
          found.place().text(),
          found.finding().drops(),
          found.finding().label(),
          found.detail().text(ProgramWords.ALL, Optional.of(found.place())));
    }
  }

  static PricesRecord of(PricesReport report) {
    return new PricesRecord(
        report.today(),
        report.purchase().label(),
        AgeRecord.of(report.age()),
        report.cut().leftOut(),
        report.cut().allOld(),
        report.lists().stream().map(list -> PriceList.of(list, report)).toList(),
        report.offers().stream().map(offer -> OfferRecord.of(offer, report.today())).toList());
  }
}
