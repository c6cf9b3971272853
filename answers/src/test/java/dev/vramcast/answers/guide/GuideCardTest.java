package dev.vramcast.answers.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.market.Offer;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuideCardTest {

  @Test
  void every_offer_of_the_guides_list_is_one_card_with_a_price_on_demand() {
    assertThat(PriceLists.open(PriceLists.GUIDE, Optional.empty()).list().offers())
        .hasSameElementsAs(Arrays.stream(GuideCard.values()).map(GuideCard::offer).toList())
        .allSatisfy(
            offer -> {
              assertThat(offer.count()).isEqualTo(1);
              assertThat(offer.onDemand()).isPresent();
            })
        .extracting(Offer::gpu)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_card_is_found_by_either_of_the_guides_spellings() {
    assertThat(GuideCard.named("A100 80G")).isEqualTo(GuideCard.A100_80G);
    assertThat(GuideCard.named("A100 80G PCIe")).isEqualTo(GuideCard.A100_80G);
    assertThat(GuideCard.named("H100 SXM5")).isEqualTo(GuideCard.H100_SXM5);
  }

  @Test
  void cards_of_a_kind_cost_the_price_of_one_times_their_count() {
    assertThat(new GpuChoice(GuideCard.A100_80G, 3).price()).hasToString("4.44");
    assertThat(new GpuChoice(GuideCard.A100_80G, 3).text()).isEqualTo("3 x A100 80G");
    assertThat(new GpuChoice(GuideCard.H100_PCIE, 1).text()).isEqualTo("H100 PCIe");
  }
}
