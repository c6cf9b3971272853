package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Category;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerStackTest {

  private static final String LORA = "--method lora --targets c_attn --transformers ";

  private final Architecture bigCode =
      Steps.model(
          "gpt_bigcode",
          Map.of("n_embd", 1024, "n_layer", 4, "n_head", 16, "n_inner", 4096, "n_positions", 4096));

  @Test
  void checkpointing_saves_nothing_for_gpt_bigcode_from_4_54_to_4_57() {
    // PEFT still makes the inputs require gradients, which costs a little.
    assertThat(peak("4.57.6", "full")).isGreaterThanOrEqualTo(peak("4.57.6", "none"));
    assertThat(peak("4.53.3", "full")).isLessThan(peak("4.53.3", "none"));
    assertThat(peak("5.1.0", "full")).isLessThan(peak("5.1.0", "none"));
  }

  /** Features of three layers of the tower come behind the first three, two of which differ. */
  @Test
  void features_of_images_are_added_behind_layers_that_a_copy_in_4_bits_holds_otherwise() {
    String flags =
        "--method qlora --targets all-linear --sequence-length 512 --images 1 --image-size 448,448";
    long whole = Estimates.of(deepstack(List.of()), flags).allocatedBytes();
    for (String kept : List.of("model.layers.0.mlp", "model.layers.1.mlp", "model.layers.3.mlp")) {
      assertThat(Estimates.of(deepstack(List.of(kept)), flags).allocatedBytes())
          .as(kept)
          .isGreaterThan(whole);
    }
  }

  @Test
  void a_tower_that_a_copy_in_4_bits_keeps_whole_is_in_16_bits_where_it_runs() {
    String flags = "--method qlora --kbit-prepare false --frozen towers,projectors ";
    String image = "--sequence-length 512 --images 1 --image-size 448,448";
    Architecture quantised = deepstack(List.of("lm_head"));
    Architecture kept = deepstack(List.of("lm_head", "visual"));
    long linears =
        kept.towers().get(0).linears().stream().mapToLong(each -> each.in() * each.out()).sum();

    assertThat(weights(kept, flags + image) - weights(quantised, flags + image))
        .isBetween(143 * linears / 100, 149 * linears / 100);
  }

  private static long weights(Architecture model, String flags) {
    return Estimates.of(model, flags).breakdown().get(Category.WEIGHTS);
  }

  private static Architecture deepstack(List<String> kept) {
    Map<String, Object> vision =
        Map.of(
            "depth", 4,
            "hidden_size", 128,
            "intermediate_size", 256,
            "out_hidden_size", 1024,
            "num_heads", 4,
            "num_position_embeddings", 2304,
            "deepstack_visual_indexes", List.of(0, 1, 2));
    Map<String, Object> text =
        Map.of(
            "model_type", "qwen3_vl_text",
            "vocab_size", 8192,
            "hidden_size", 1024,
            "intermediate_size", 2816,
            "num_hidden_layers", 4,
            "num_attention_heads", 16,
            "num_key_value_heads", 4,
            "head_dim", 64);
    return Steps.model(
        "qwen3_vl",
        Map.of(
            "text_config", text,
            "vision_config", vision,
            "quantization_config", Map.of("llm_int8_skip_modules", kept)));
  }

  private long peak(String transformers, String checkpointing) {
    return Steps.read(bigCode, LORA + transformers + " --checkpointing " + checkpointing)
        .peakBytes();
  }
}
