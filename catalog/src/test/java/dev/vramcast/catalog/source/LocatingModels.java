package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.input.InputException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Models that are looked for from a folder of a test. */
abstract class LocatingModels {

  static final String TINY =
      """
      {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8,
       "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
       "num_key_value_heads": 1, "vocab_size": 32, "max_position_embeddings": 64,
       "tie_word_embeddings": false}\
      """;
  @TempDir Path folder;

  void assertRefused(ModelRequest request, String... parts) {
    assertThatThrownBy(() -> locate(request))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  LocatedModel locate(ModelRequest request) {
    return locator("http://127.0.0.1:9").locate(request);
  }

  LocatedModel locate(HubServer hub, ModelRequest request) {
    return locator(hub.address()).locate(request);
  }

  ModelLocator locator(String endpoint) {
    return new ModelLocator(ModelCatalog.embedded(), environment(endpoint));
  }

  Environment environment(String endpoint) {
    return new Environment(
        folder.resolve("hub"),
        folder.resolve("own"),
        URI.create(endpoint),
        Optional.empty(),
        false,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }
}
