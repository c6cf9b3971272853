package dev.vramcast.answers.max;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Asked.Json;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LargestImageTest {

  @Test
  void one_image_is_sought_where_nobody_says_how_many_there_are() {
    Json unsaid = largest(Map.of("sequence_length", 512));
    Json said = largest(Map.of("sequence_length", 512, "images", 1));

    assertThat(unsaid.get("by_the_estimate")).isEqualTo(said.get("by_the_estimate"));
    assertThat((String) unsaid.get("summary"))
        .startsWith("LoRA of qwen2-vl-2b on RTX 3090 takes images of ");
  }

  private static Json largest(Map<String, Object> batch) {
    return Asked.json(
        new MaxOperation(),
        Map.of(
            "job",
            Map.of(
                "model", Map.of("id", "qwen2-vl-2b"),
                "batch", batch,
                "hardware", Map.of("gpu", "RTX 3090")),
            "image_size",
            true));
  }
}
