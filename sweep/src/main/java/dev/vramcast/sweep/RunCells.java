package dev.vramcast.sweep;

import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.sweep.product.RentalPrice;
import dev.vramcast.sweep.product.Together;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job on a card over its data, which rows with other prices share. */
final class RunCells {

  private final Object[] cells;
  private final Optional<Work> work;
  private final Together together;
  private Optional<SpotRun> spot = Optional.empty();
  private boolean spotIsKnown;

  /**
   * Of a run.
   *
   * @param work empty where nobody would start the run, which then has no price
   */
  RunCells(Object[] cells, Optional<Work> work, Together together) {
    this.cells = cells;
    this.work = work;
    this.together = together;
  }

  /** The row for a machine at a price, which is that of all where the job has several. */
  SweepResult at(Optional<RentalPrice> rent) {
    Object[] row = cells.clone();
    Optional<RentalPrice> all = rent.flatMap(together::of);
    if (all.isPresent()) {
      fill(row, all.get());
      work.flatMap(busy -> usd(busy, all.get()))
          .ifPresent(usd -> SettingCells.set(row, Column.USD, usd.amount().doubleValue()));
    } else if (rent.isPresent()) {
      fill(row, rent.get());
      SettingCells.set(row, Column.ERROR, apart());
    }
    return new SweepResult(row);
  }

  private String apart() {
    InputError none =
        InputError.about(JobKey.NODES)
            .and(" is more than 1, and several of this machine are not known to reach each other");
    return (together.networked() ? none : none.hint("give ", JobKey.NETWORK))
        .refusal()
        .notice()
        .sentence(Words.DOCUMENT);
  }

  /** What a row says of its machine. */
  static void fill(Object[] row, RentalPrice rent) {
    SettingCells.set(row, Column.PROVIDER, text(rent.provider()));
    SettingCells.set(row, Column.INSTANCE, text(rent.instance()));
    SettingCells.set(row, Column.REGION, text(rent.region()));
    SettingCells.set(row, Column.PURCHASE, rent.purchase().label());
    SettingCells.set(row, Column.USD_PER_HOUR, rent.price().amount().doubleValue());
    SettingCells.set(row, Column.PRICE_DATE, date(rent));
  }

  private static @Nullable String date(RentalPrice rent) {
    return rent.asOf().map(PriceDate::toString).orElse(null);
  }

  private static @Nullable String text(String given) {
    return given.isEmpty() ? null : given;
  }

  private Optional<Usd> usd(Work busy, RentalPrice rent) {
    if (rent.purchase() == Purchase.ON_DEMAND) {
      return Optional.of(Usd.of(rent.price(), rent.terms().billed(busy.total())));
    }
    if (!spotIsKnown) {
      spot = SpotRun.of(busy, SpotTerms.USUAL.across(together.machines()));
      spotIsKnown = true;
    }
    return spot.map(run -> Usd.of(rent.price(), rent.terms().billed(run.expected())));
  }
}
