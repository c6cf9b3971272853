package dev.vramcast.catalog.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WeightsCheckTest {

  @Test
  void agrees_when_the_files_hold_exactly_the_parameters() {
    assertThat(compare(stored())).isEmpty();
  }

  @Test
  void leaves_out_a_tied_head_that_is_stored_as_well_and_buffers() {
    List<StoredTensor> tensors = stored();
    tensors.add(tensor("lm_head.weight", 32, 8));
    tensors.add(tensor("model.layers.0.self_attn.rotary_emb.inv_freq", 2));
    assertThat(compare(tensors)).isEmpty();
  }

  @Test
  void names_tensors_of_another_shape() {
    List<StoredTensor> tensors = stored();
    tensors.removeIf(tensor -> tensor.name().equals("model.embed_tokens.weight"));
    tensors.add(tensor("model.embed_tokens.weight", 33, 8));
    assertThat(compare(tensors))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith("folder: ")
                    .contains("other shape: model.embed_tokens.weight [33, 8] for [32, 8]"));
  }

  @Test
  void names_a_few_tensors_and_counts_the_others() {
    List<StoredTensor> tensors = stored();
    for (int i = 0; i < 10; i++) {
      tensors.add(tensor("mtp." + i, 4));
    }
    assertThat(compare(tensors))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("only in the files: mtp.0 [4], mtp.1 [4], mtp.2 [4] and 7 more"));
  }

  @Test
  void compares_nothing_without_headers() {
    StoredWeights unknown = new StoredWeights(Map.of(), List.of(), 1000, false);
    assertThat(WeightsCheck.compare("folder", architecture(), unknown)).isEmpty();
  }

  private static Optional<String> compare(List<StoredTensor> tensors) {
    return WeightsCheck.compare("folder", architecture(), StoredWeights.of(tensors))
        .map(Notice::toString);
  }

  private static List<StoredTensor> stored() {
    List<StoredTensor> tensors = new ArrayList<>();
    Tensors.of(architecture())
        .forEach(
            tensor -> {
              long count = tensor.count();
              tensors.add(
                  new StoredTensor(
                      tensor.name(), StoredType.BF16, tensor.shape(), count, 2 * count));
            });
    return tensors;
  }

  private static StoredTensor tensor(String name, long... shape) {
    long count = 1;
    List<Long> sizes = new ArrayList<>();
    for (long size : shape) {
      count *= size;
      sizes.add(size);
    }
    return new StoredTensor(name, StoredType.BF16, sizes, count, 2 * count);
  }

  private static Architecture architecture() {
    return Families.read(
        new ModelConfig(
            "tiny",
            Map.of(
                "model_type", "llama",
                "hidden_size", 8L,
                "intermediate_size", 16L,
                "num_hidden_layers", 1L,
                "num_attention_heads", 2L,
                "vocab_size", 32L,
                "tie_word_embeddings", true)));
  }
}
