package dev.vramcast.answers.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Asked.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CardsThatFitTest {

  @Test
  void a_disk_that_is_too_small_for_every_card_is_named() {
    Json answer =
        fit(
            Map.of(
                "model", Map.of("id", "qwen2.5-0.5b"),
                "method", "lora",
                "hardware", Map.of("disk", 0.5)));

    assertThat((String) answer.get("summary"))
        .startsWith(
            "LoRA of qwen2.5-0.5b does not fit the disk of its machine whatever the card: to ")
        .endsWith(", of which there are 0.5 GiB.");
  }

  @Test
  void a_card_has_its_price_where_the_time_of_the_run_is_not_known() {
    Json answer =
        fit(
            Map.of(
                "model", Map.of("id", "deepseek-v2-lite"),
                "framework", Map.of("name", "llama-factory"),
                "parallelism", Map.of("offload", List.of("experts"))));

    assertThat((String) answer.get("summary")).contains(" and the cheapest to rent the L4, $");
    assertThat(answer.list("cards").get(0).map().get("offer")).isNotNull();
    assertThat(answer.list("cards"))
        .allSatisfy(
            card -> {
              assertThat(card.get("usd")).isNull();
              assertThat(card.get("tokens_per_second")).isNull();
            });
  }

  private static Json fit(Map<String, Object> job) {
    return Asked.json(new FitOperation(), Map.of("job", job));
  }
}
