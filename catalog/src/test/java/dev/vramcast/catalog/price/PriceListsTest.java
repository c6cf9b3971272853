package dev.vramcast.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.vramcast.catalog.price.form.PriceForm;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.PriceList;
import dev.vramcast.core.market.Purchase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceListsTest {

  @Test
  void the_list_of_the_guide_is_that_of_2026_07_01() {
    PriceList guide = named(PriceLists.GUIDE);

    assertThat(guide.offers())
        .extracting(
            offer -> offer.gpu().name(),
            Offer::count,
            offer -> offer.price(Purchase.ON_DEMAND).orElseThrow().toString(),
            offer -> offer.price(Purchase.SPOT).map(Object::toString).orElse(""))
        .containsExactly(
            tuple("RTX 5090", 1, "0.92", ""),
            tuple("A100 80GB PCIe", 1, "1.48", ""),
            tuple("A100 40GB SXM4", 1, "1.71", ""),
            tuple("H100 PCIe 80GB", 1, "2.01", ""),
            tuple("RTX PRO 6000 Blackwell Workstation", 1, "2.39", ""),
            tuple("H100 SXM5 80GB", 1, "5.07", "2.91"));
    assertThat(guide.offers())
        .extracting(Offer::asOf)
        .containsOnly(PriceDate.of(LocalDate.of(2026, 7, 1)));
  }

  @Test
  void the_market_has_every_provider_with_dates_and_sources() {
    PriceList market = named(PriceLists.MARKET);

    assertThat(market.offers()).hasSize(191);
    assertThat(market.offers().stream().map(Offer::provider).distinct())
        .containsExactlyInAnyOrder(
            "aws",
            "gcp",
            "azure",
            "lambda",
            "nebius",
            "runpod",
            "vast",
            "verda",
            "oci",
            "primeintellect",
            "hyperbolic",
            "digitalocean",
            "paperspace",
            "spheron");
    assertThat(market.offers())
        .allSatisfy(offer -> assertThat(offer.source()).contains("@"))
        .allSatisfy(offer -> assertThat(offer.asOf().latest()).isBefore(LocalDate.of(2026, 11, 1)));
  }

  @ParameterizedTest
  @CsvSource({
    "p5.48xlarge, H100 SXM5 80GB, 8, 55.04, 9.3722",
    "a2-highgpu-1g, A100 40GB SXM4, 1, 3.67339, 1.92802",
    "gpu_1x_rtx6000, Quadro RTX 6000 24GB, 1, 0.69, ''",
    "1x_A100-80GB_SECURE, A100 80GB PCIe, 1, 1.39, ''",
    "a4-highgpu-8g, B200 SXM 180GB, 8, '', 32.6064",
    "Standard_ND96isr_H100_v5, H100 SXM5 80GB, 8, 98.32, ''",
  })
  void the_market_holds_these(
      String instance, String gpu, int count, String onDemand, String spot) {
    assertThat(named(PriceLists.MARKET).offers())
        .filteredOn(offer -> offer.instance().equals(instance))
        .singleElement()
        .satisfies(
            offer -> {
              assertThat(offer.gpu().name()).isEqualTo(gpu);
              assertThat(offer.count()).isEqualTo(count);
              assertThat(offer.onDemand().map(Object::toString).orElse("")).isEqualTo(onDemand);
              assertThat(offer.spot().map(Object::toString).orElse("")).isEqualTo(spot);
            });
  }

  @Test
  void what_is_written_is_what_was_read(@TempDir Path folder) throws IOException {
    PriceList market = named(PriceLists.MARKET);
    Path file = Files.writeString(folder.resolve("mine.csv"), PriceCsv.of(market.offers()));

    LoadedPrices again = PriceLists.open(file.toString(), Optional.empty());

    assertThat(again.list().offers()).isEqualTo(market.offers());
    assertThat(again.form()).isEqualTo(PriceForm.OWN);
  }

  @Test
  void a_name_of_no_list_and_no_file_is_refused() {
    assertThatThrownBy(() -> PriceLists.open("guide-2026-08", Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "allowed: market-2026-09, guide-2026-07. Did you mean 'guide-2026-07'?");
    assertThatThrownBy(() -> PriceLists.open("a\0b", Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("neither a price list nor a path");
  }

  private static PriceList named(String name) {
    LoadedPrices prices = PriceLists.open(name, Optional.empty());
    assertThat(prices.findings()).isEmpty();
    assertThat(prices.dateAssumed()).isFalse();
    return prices.list();
  }
}
