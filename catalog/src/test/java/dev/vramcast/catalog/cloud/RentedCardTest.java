package dev.vramcast.catalog.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RentedCardTest {

  private static final List<Offer> MARKET = KeptPrices.NONE.usual().get(0).list().offers();

  @ParameterizedTest
  @CsvSource({
    "p4d.24xlarge, aws, A100 40GB SXM4 x8",
    "our p4d.24xlarge, aws, A100 40GB SXM4 x8",
    "a2-highgpu-1g, gcp, A100 40GB SXM4 x1",
    "Standard_NC24ads_A100_v4, azure, A100 80GB PCIe x1",
    "g5.8xlarge, aws, A10G x1"
  })
  void a_machine_of_a_cloud_is_that_clouds_offer(String text, String provider, String cards) {
    assertThat(named(text))
        .isNotEmpty()
        .allSatisfy(
            offer -> {
              assertThat(offer.provider()).isEqualTo(provider);
              assertThat(offer.gpu().name() + " x" + offer.count()).isEqualTo(cards);
              assertThat(text).containsIgnoringCase(offer.instance());
            });
  }

  @Test
  void a_machine_without_a_price_has_those_of_its_cloud_with_the_same_cards() {
    assertThat(MARKET).noneMatch(offer -> offer.instance().equals("g5.2xlarge"));
    assertThat(named("g5.2xlarge"))
        .isNotEmpty()
        .allMatch(offer -> offer.provider().equals("aws") && offer.gpu().name().equals("A10G"));
  }

  @ParameterizedTest
  @CsvSource({
    "runpod 4090, runpod, RTX 4090",
    "4090 on RunPod, runpod, RTX 4090",
    "Lambda Labs H100, lambda, H100 SXM5 80GB",
    "8xH100 on lambda, lambda, H100 SXM5 80GB",
    "vast.ai 3090, vast, RTX 3090",
    "an A10G at AWS, aws, A10G",
    "8x runpod 4090, runpod, RTX 4090",
    "2 runpod 4090s, runpod, RTX 4090",
    "google tpu v5e, gcp, TPU v5e",
    "hf a100-large, huggingface, A100 80GB SXM4"
  })
  void a_provider_beside_a_card_is_whose_offer_is_meant(String text, String provider, String gpu) {
    assertThat(RentedCard.of(text).orElseThrow().provider()).isEqualTo(provider);
    assertThat(GpuCatalog.embedded().find(text).gpu().name()).isEqualTo(gpu);
  }

  @ParameterizedTest
  @CsvSource({"8x runpod 4090, 8", "2 runpod 4090s, 2", "runpod 4x4090, 4"})
  void a_count_stands_before_the_provider_or_behind_it(String text, int count) {
    assertThat(GpuCatalog.countIn(text)).hasValue(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws", "Lambda Labs", "RunPod"})
  void a_provider_alone_is_said_to_be_one(String text) {
    assertThatThrownBy(() -> GpuCatalog.embedded().find(text))
        .hasMessageStartingWith("'" + text + "' is a provider and no GPU; name a card with it");
  }

  @Test
  void a_machine_that_is_sold_is_anybodys() {
    assertThat(named("DGX H100")).extracting(Offer::provider).contains("aws", "runpod");
    assertThat(named("DGX H100")).allMatch(offer -> offer.count() == 8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"RTX 4090", "2x3090", "google colab t4", "DGX Spark", "m5.large", "", "on"})
  void a_card_alone_says_nothing_of_who_rents_it_out(String text) {
    assertThat(RentedCard.of(text)).isEmpty();
  }

  @Test
  void a_long_text_is_looked_at_in_no_time() {
    assertThat(RentedCard.of("google ".repeat(50_000))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Amazon, aws", "lambda labs, lambda", "runpod, runpod", "acme, acme"})
  void a_provider_goes_by_what_people_call_it(String spoken, String provider) {
    assertThat(Providers.named(spoken)).isEqualTo(provider);
  }

  private static List<Offer> named(String text) {
    return Stream.of(RentedCard.of(text).orElseThrow())
        .flatMap(card -> MARKET.stream().filter(card.among(MARKET)))
        .toList();
  }
}
