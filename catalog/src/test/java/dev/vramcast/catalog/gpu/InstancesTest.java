package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstancesTest {

  private final GpuCatalog catalog = GpuCatalog.embedded();

  @ParameterizedTest
  @CsvSource({
    "p4d.24xlarge, A100 40GB SXM4, 8",
    "P5.48xlarge, H100 SXM5 80GB, 8",
    "ml.g5.2xlarge, A10G, 1",
    "a3-highgpu-8g, H100 SXM5 80GB, 8",
    "g2-standard-24, L4, 2",
    "Standard_NC24ads_A100_v4, A100 80GB PCIe, 1",
    "p6-b200.48xlarge, B200 SXM 180GB, 8",
    "g4dn.metal, T4, 8",
  })
  void a_machine_of_a_cloud_is_its_cards(String machine, String gpu, int count) {
    assertThat(catalog.find(machine).gpu().name()).isEqualTo(gpu);
    assertThat(catalog.find(machine).count()).hasValue(count);
    assertThat(GpuCatalog.countIn(machine)).hasValue(count);
    assertThat(GpuCatalog.cardOf(machine)).contains(gpu);
  }

  @Test
  void a_filter_takes_the_machine_for_its_cards_and_their_count() {
    GpuFilter filter = GpuFilter.parse("p5.48xlarge");

    assertThat(catalog.select(filter)).extracting("name").containsExactly("H100 SXM5 80GB");
    assertThat(filter.matchesCount(8)).isTrue();
    assertThat(filter.matchesCount(1)).isFalse();
  }

  @Test
  void every_machine_has_cards_of_the_catalogue() {
    assertThat(Instances.all()).hasSizeGreaterThan(60);
    assertThat(Instances.all().values())
        .allSatisfy(
            cards -> assertThat(catalog.find(cards.gpu()).gpu().name()).isEqualTo(cards.gpu()));
  }

  @Test
  void price_lists_have_the_same_cards_in_them() {
    List<Offer> offers = KeptPrices.NONE.usual().get(0).list().offers();
    Map<String, Instances.Cards> known = Instances.all();

    List<Offer> shared =
        offers.stream()
            .filter(offer -> known.containsKey(offer.instance().toLowerCase(Locale.ROOT)))
            .toList();
    assertThat(shared).hasSizeGreaterThan(30);
    assertThat(shared)
        .allSatisfy(
            offer ->
                assertThat(known.get(offer.instance().toLowerCase(Locale.ROOT)))
                    .isEqualTo(new Instances.Cards(offer.gpu().name(), offer.count())));
  }

  @Test
  void machines_without_cards_are_none() {
    assertThat(GpuCatalog.cardOf("m5.large")).isEmpty();
    assertThat(GpuCatalog.cardOf("m5.24xlarge")).isEmpty();
    assertThat(GpuCatalog.cardOf("rtx-4090")).isEmpty();
  }
}
