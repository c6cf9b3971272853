package dev.vramcast.answers.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers that FSDP of accelerate is told where it would look for ones that are not there. */
class NamedLayerTest {

  @ParameterizedTest
  @CsvSource({
    "trl, 'fsdp_transformer_layer_cls_to_wrap: Gemma3DecoderLayer'",
    "llama-factory, 'fsdp_transformer_layer_cls_to_wrap: Gemma3DecoderLayer'",
    "axolotl, ' transformer_layer_cls_to_wrap: Gemma3DecoderLayer'"
  })
  void a_written_file_names_the_layers_of_a_model_whose_list_names_others(
      String format, String line) {
    assertThat(written("gemma-3-4b-it", "fsdp2", format)).contains(line);
  }

  @ParameterizedTest
  @CsvSource({"qwen2.5-0.5b, fsdp2", "gemma-3-4b-it, zero3"})
  void nothing_is_named_where_all_layers_are_found_or_none_looked_for(
      String model, String strategy) {
    assertThat(written(model, strategy, "trl")).doesNotContain("cls_to_wrap:");
  }

  private static String written(String model, String strategy, String format) {
    Map<String, Object> job =
        Map.of(
            "model", Map.of("id", model),
            "method", "lora",
            "batch", Map.of("sequence_length", 512),
            "parallelism", Map.of("strategy", strategy),
            "hardware", Map.of("gpu", "H100 SXM5 80GB", "count", 4));
    FilesAnswer answer =
        (FilesAnswer) Asked.answer(new WriteOperation(), Map.of("job", job, "to", List.of(format)));
    return Writes.text(answer);
  }
}
