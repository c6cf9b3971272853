package dev.vramcast.answers.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.text.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code write} gives to programs; {@code -Dvramcast.golden.rewrite=true} writes it anew. */
class WriteJsonTest {

  private static final Path GOLDEN =
      Path.of("src/test/resources/dev/vramcast/answers/write/write.json");

  @Test
  void files_come_with_names_and_what_is_to_be_known_of_them() throws IOException {
    Map<String, Object> job =
        Map.of(
            "model", Map.of("id", "qwen2.5-0.5b"),
            "method", "qlora",
            "batch", Map.of("sequence_length", 1024),
            "hardware", Map.of("gpu", "rtx-4090", "count", 12));
    String json =
        JsonText.of(
                Asked.answer(
                        new WriteOperation(),
                        Map.of("job", job, "to", List.of("axolotl", "torchrun")))
                    .json("1.2.3"))
            .replace(Version.current(), "1.2.3");

    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.writeString(GOLDEN, json + "\n");
    }
    assertThat(json + "\n").isEqualTo(Files.readString(GOLDEN));
  }
}
