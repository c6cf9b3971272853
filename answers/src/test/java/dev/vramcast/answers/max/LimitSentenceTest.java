package dev.vramcast.answers.max;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.terminal.Terminal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LimitSentenceTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);

  private static Map<String, Object> asked(
      String sought, Map<String, ?> hardware, Map<String, ?> more) {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.remove("batch");
    job.put("hardware", hardware);
    job.put("method", "lora");
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("job", job);
    fields.put(sought, true);
    return fields;
  }

  private static String summary(Map<String, Object> fields) {
    return (String) Asked.json(new MaxOperation(), fields).get("summary");
  }

  @Test
  @Tag("slow")
  void a_disk_that_is_too_small_decides_whatever_the_length() {
    Map<String, Object> fields =
        asked("sequence", Map.of("gpu", "rtx-4090", "disk", 0.5), Map.of());
    String text = String.join("\n", Asked.answer(new MaxOperation(), fields).lines(PLAIN));

    assertThat(summary(fields))
        .startsWith(
            "LoRA of qwen2.5-0.5b on RTX 4090 does not fit the disk of its machine whatever the"
                + " sequence length: to ")
        .endsWith(", of which there are 0.5 GiB.");
    assertThat(text)
        .doesNotContain("for certain, ")
        .contains("not even 1 fits: to ", ", of which there are 0.50 GiB");
    assertThat(Asked.json(new MaxOperation(), fields).get("by_the_estimate")).isNull();
  }

  @Test
  void what_a_card_lacks_is_said_with_what_there_is() {
    Map<String, Object> fields =
        asked("sequence", Map.of("gpu", "rtx-4090"), Map.of("headroom", "23GiB"));

    assertThat(summary(fields))
        .contains(" does not even take sequences of 1 token: it needs ")
        .endsWith(", of which there are 0.52 GiB.");
  }

  @Test
  @Tag("slow")
  void several_cards_are_counted() {
    Map<String, Object> fields = asked("batch", Map.of("gpu", "rtx-4090", "count", 2), Map.of());

    assertThat(summary(fields)).startsWith("LoRA of qwen2.5-0.5b on 2 × RTX 4090 takes ");
    assertThat(String.join("\n", Asked.answer(new MaxOperation(), fields).lines(PLAIN)))
        .contains("Largest micro-batch of qwen2.5-0.5b on 2 × RTX 4090");
  }

  @Test
  void a_model_without_images_has_no_largest_one() {
    Map<String, Object> fields = asked("image_size", Map.of("gpu", "rtx-4090"), Map.of());

    assertThatThrownBy(() -> Asked.answer(new MaxOperation(), fields))
        .hasMessageContaining("has nothing to look for: a qwen2 model reads no images")
        .hasMessageNotContaining("batch.images");
  }
}
