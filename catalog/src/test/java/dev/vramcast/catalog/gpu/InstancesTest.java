package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.cloud.CloudMachine;
import dev.vramcast.catalog.cloud.Instances;
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
    "my g5.2xlarge, A10G, 1",
    "one g5.12xlarge, A10G, 4",
    "aws g5.2xlarge, A10G, 1",
    "g5.2xlarge on AWS, A10G, 1",
    "a10g-largex2, A10G, 2",
    "hf a100-large, A100 80GB SXM4, 1",
    "DGX H100, H100 SXM5 80GB, 8",
    "our DGX-B200, B200 SXM 180GB, 8",
    "DGX A100 40GB, A100 40GB SXM4, 8",
    "dgx-a100 640GB, A100 80GB SXM4, 8",
    "DGX Station A100 160GB, A100 40GB SXM4, 4",
  })
  void a_machine_of_a_cloud_is_its_cards(String machine, String gpu, int count) {
    assertThat(catalog.find(machine).gpu().name()).isEqualTo(gpu);
    assertThat(catalog.find(machine).count()).hasValue(count);
    assertThat(GpuCatalog.countIn(machine)).hasValue(count);
    assertThat(GpuCatalog.cardOf(machine)).contains(gpu);
  }

  @ParameterizedTest
  @CsvSource({
    "a2-highgpu-1g on aws, aws, gcp",
    "amazon a2-highgpu-1g, aws, gcp",
    "google p4d.24xlarge, gcp, aws"
  })
  void a_machine_of_another_cloud_than_is_named_is_refused(
      String text, String said, String provider) {
    String message = "'%s' names %s, but ".formatted(text, said);

    assertThatThrownBy(() -> catalog.find(text))
        .hasMessageStartingWith(message)
        .hasMessageEndingWith("is a machine of " + provider);
    assertThatThrownBy(() -> GpuFilter.parse(text)).hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource({
    "2x p4d.24xlarge, 2",
    "two g5.12xlarge, 2",
    "my three g5.12xlarge, 3",
    "g5.12xlarge:4, 4"
  })
  void several_machines_are_led_to_their_number(String text, int nodes) {
    String message = "'%s' is several machines; name one, and give hardware.nodes %d";

    assertThatThrownBy(() -> catalog.find(text)).hasMessage(message.formatted(text, nodes));
    assertThatThrownBy(() -> GpuFilter.parse(text.replace(":4", " x 4")))
        .hasMessageContaining("several machines");
  }

  @ParameterizedTest
  @CsvSource({"p4d.24xlarg, p4d.24xlarge", "a3-higpu-8g, a3-highgpu-8g"})
  void a_slip_of_a_machine_leads_to_it(String text, String meant) {
    assertThatThrownBy(() -> catalog.find(text)).hasMessageEndingWith("mean '" + meant + "'?");
    assertThatThrownBy(() -> catalog.select(GpuFilter.parse(text)))
        .hasMessageEndingWith("mean '" + meant + "'?");
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
    Map<String, CloudMachine> known = Instances.all();

    List<Offer> shared =
        offers.stream()
            .filter(offer -> known.containsKey(offer.instance().toLowerCase(Locale.ROOT)))
            .toList();
    assertThat(shared).hasSizeGreaterThan(30);
    assertThat(shared)
        .allSatisfy(
            offer ->
                assertThat(known.get(offer.instance().toLowerCase(Locale.ROOT)))
                    .isEqualTo(
                        new CloudMachine(
                            offer.provider(),
                            offer.instance(),
                            offer.gpu().name(),
                            offer.count())));
  }

  @Test
  void machines_without_cards_are_none() {
    assertThat(GpuCatalog.cardOf("m5.large")).isEmpty();
    assertThat(GpuCatalog.cardOf("m5.24xlarge")).isEmpty();
    assertThat(GpuCatalog.cardOf("rtx-4090")).isEmpty();
  }
}
