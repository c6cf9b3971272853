package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.market.Offer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedOffersTest {

  private static final List<Offer> MARKET = KeptPrices.NONE.usual().get(0).list().offers();

  @Test
  void each_provider_of_a_list_rents_out_the_card_beside_it_and_no_other() {
    assertThat(named("runpod 4090,lambda h100"))
        .contains("runpod RTX 4090", "lambda H100 SXM5 80GB")
        .noneMatch(offer -> offer.startsWith("runpod H100"))
        .allMatch(offer -> offer.startsWith("runpod ") || offer.startsWith("lambda "));
  }

  @Test
  void a_machine_has_its_count_and_leaves_that_of_the_cards_beside_it_open() {
    assertThat(counts("p4d.24xlarge,4090", "RTX 4090")).contains(1, 8);
    assertThat(counts("4090,p4d.24xlarge", "A100 40GB SXM4")).containsExactly(8);
    assertThat(counts("2x4090,5090", "RTX 5090")).containsExactly(2);
  }

  @Test
  void what_is_said_of_all_names_of_a_list_is_said_of_each() {
    assertThat(counts("lambda h100,runpod h100:8", "H100 SXM5 80GB")).containsExactly(8);
  }

  @Test
  void each_gpu_of_a_list_may_have_its_own_count() {
    assertThat(counts("h100:8,h200:1", "H100 SXM5 80GB")).containsExactly(8);
    assertThat(counts("h100:8,h200:1", "H200 SXM 141GB")).containsExactly(1);
    assertThat(counts("h100:8,h200", "H200 SXM 141GB")).contains(1, 8);
  }

  @ParameterizedTest
  @CsvSource({
    "'H100:2000000', \"'H100:2000000' has 2000000 for a count, allowed: 1 to 1024\"",
    "'p4d.24xlarge:2', \"'p4d.24xlarge:2' has a second count\"",
    "'runpod 4090,nosuchcard', \"'nosuchcard' matches no GPU\"",
    "'amd:runpod h100,mi300x', \"'runpod h100:amd' matches no GPU\"",
    "'runpod 4090,,5090', has an empty name"
  })
  void a_part_that_cannot_be_meant_is_refused(String text, String message) {
    assertThatThrownBy(() -> named(text)).hasMessageContaining(message.replace("\"", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "8xH100, 8",
    "'H100,A100:8', 8",
    "'H100:8,A100:8', 8",
    "'H100:8,A100:4', ",
    "24GB:2, 2",
    "p4d.24xlarge, 8",
    "'p4d.24xlarge,runpod 8xh100', 8",
    "'p4d.24xlarge,h100', ",
    "'runpod h100,lambda 8xh100', ",
    "H100:1..8, ",
    "H100, "
  })
  void a_filter_counts_gpus_where_all_its_parts_have_as_many(String text, Integer count) {
    assertThat(NamedOffers.of(text).count().stream().boxed().findFirst().orElse(null))
        .isEqualTo(count);
  }

  private static List<Offer> offers(String text) {
    return MARKET.stream()
        .filter(NamedOffers.of(text).among(MARKET, GpuCatalog.embedded()::akin))
        .toList();
  }

  private static Set<String> named(String text) {
    return offers(text).stream()
        .map(offer -> offer.provider() + " " + offer.gpu().name())
        .collect(Collectors.toSet());
  }

  private static Set<Integer> counts(String text, String gpu) {
    return offers(text).stream()
        .filter(offer -> offer.gpu().name().equals(gpu))
        .map(Offer::count)
        .collect(Collectors.toSet());
  }
}
