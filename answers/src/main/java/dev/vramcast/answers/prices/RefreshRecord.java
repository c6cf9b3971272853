package dev.vramcast.answers.prices;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.catalog.price.refresh.Refresh;
import java.util.List;
import java.util.Optional;

/** {@link RefreshReport} for programs. */
@Describes("What became of sources that were asked for their prices.")
public record RefreshRecord(
    @Describes("Sources that gave prices that are to be believed.") long fetched,
    @Describes("Each source, in the order of the table.") List<Source> sources) {

  public static final String KIND = "refresh";

  /** A source. */
  record Source(
      @Describes("Its name.") String source,
      @Describes("Where it was asked.") String address,
      @Describes("Whether its prices were fetched.") boolean fetched,
      @Describes("Offers that are kept of it now.") int offers,
      @Describes("How old these are; null where nothing is kept.") Optional<AgeRecord> age,
      @Describes("What could not be used of its answer, one line each.") List<String> leftOut,
      @Describes("Why its answer is not used; null where it is.") Optional<String> reason) {

    private static Source of(Refresh.Outcome outcome, RefreshReport report) {
      return new Source(
          outcome.source().name(),
          outcome.source().address().toString(),
          outcome.failure().isEmpty(),
          outcome.offers().size(),
          report.age(outcome).map(AgeRecord::of),
          outcome.leftOut().stream().map(why -> why.line(ProgramWords.ALL)).toList(),
          outcome.failure().map(RefreshReport::reason));
    }
  }

  static RefreshRecord of(RefreshReport report) {
    return new RefreshRecord(
        report.fetched(),
        report.outcomes().stream().map(outcome -> Source.of(outcome, report)).toList());
  }
}
