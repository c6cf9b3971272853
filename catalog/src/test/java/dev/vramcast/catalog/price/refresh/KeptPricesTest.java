package dev.vramcast.catalog.price.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Offer;
import dev.vramcast.input.disk.FailingReads;
import dev.vramcast.input.disk.LossyDisk;
import dev.vramcast.input.disk.LossyDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeptPricesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void what_goes_wrong_at_any_step_leaves_the_prices_of_before_or_the_new_ones(Fault kind)
      throws IOException {
    List<Offer> all =
        PriceLists.open(PriceLists.MARKET, Optional.empty()).list().offers().subList(0, 4);
    List<Offer> old = all.subList(0, 2);
    List<Offer> fresh = all.subList(2, 4);
    boolean reached = true;
    for (int step = 1; reached; step++) {
      KeptPrices kept = new KeptPrices(Optional.of(folder.resolve("at" + step)));
      kept.keep("aws", old);
      LossyDisk disk = new LossyDisk(kind, step);
      boolean written = false;
      try {
        kept.keep("aws", fresh, disk);
        written = true;
      } catch (LossyDisk.Ended | OutOfMemoryError | InputException e) {
        // Looked at below.
      }
      disk.lose();

      assertThat(text(kept.of("aws").orElseThrow()))
          .isIn(
              written
                  ? List.of(PriceCsv.of(fresh))
                  : List.of(PriceCsv.of(old), PriceCsv.of(fresh)));
      reached = disk.isReached();
      assertThat(step).isLessThan(20);
    }
  }

  @Test
  void what_was_fetched_is_read_whole_or_refused() throws IOException {
    List<Offer> all =
        PriceLists.open(PriceLists.MARKET, Optional.empty()).list().offers().subList(0, 4);
    KeptPrices kept = new KeptPrices(Optional.of(folder));
    kept.keep("aws", all.subList(0, 2));
    kept.keep("gcp", all.subList(2, 4));

    int steps =
        FailingReads.hold(
            folder, place -> text(new KeptPrices(Optional.of(place)).fetched().orElseThrow()));
    assertThat(steps).isGreaterThan(8);
  }

  private static String text(LoadedPrices prices) {
    return PriceCsv.of(prices.list().offers());
  }
}
