package dev.vramcast.sweep.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.price.PriceCsv;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep asks the prices that every command asks. */
class SweptPricesTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 10, 1);
  private static final String SPEC = "model: {id: gpt2}\nhardware: {gpu: T4}\n";

  @TempDir private Path folder;

  private static List<Offer> market(KeptPrices kept, String spec) {
    return SpecReader.read(spec, "sweep.yaml")
        .product(kept, Optional.of(AgeLimit.NONE), TODAY)
        .market();
  }

  private KeptPrices fetched() throws IOException {
    List<Offer> aws =
        PriceLists.open(PriceLists.MARKET, Optional.empty()).list().offers().stream()
            .filter(offer -> offer.provider().equals("aws"))
            .limit(1)
            .toList();
    Files.writeString(folder.resolve("aws.csv"), PriceCsv.of(aws));
    return new KeptPrices(Optional.of(folder));
  }

  @Test
  void what_was_fetched_stands_in_place_of_the_list_of_its_providers() throws IOException {
    assertThat(market(KeptPrices.NONE, SPEC))
        .filteredOn(SweptPricesTest::isOfAws)
        .hasSizeGreaterThan(1);
    assertThat(market(fetched(), SPEC))
        .hasSizeGreaterThan(1)
        .filteredOn(SweptPricesTest::isOfAws)
        .hasSize(1);
  }

  @Test
  void a_list_that_a_spec_names_is_asked_alone() throws IOException {
    String fetched = SPEC + "offers: {lists: [fetched], rows: cheapest}\n";
    assertThat(market(fetched(), fetched)).hasSize(1);
    assertThatThrownBy(() -> market(KeptPrices.NONE, fetched))
        .hasMessageContaining("nothing was fetched yet");
    String own = SPEC + "offers: {lists: [" + PriceLists.MARKET + "], rows: cheapest}\n";
    assertThat(market(fetched(), own)).isEqualTo(market(KeptPrices.NONE, SPEC));
  }

  private static boolean isOfAws(Offer offer) {
    return offer.provider().equals("aws");
  }
}
