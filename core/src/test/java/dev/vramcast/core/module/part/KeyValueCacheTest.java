package dev.vramcast.core.module.part;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import org.junit.jupiter.api.Test;

/** Two heads of 4 units each. */
class KeyValueCacheTest {

  private final TracedCall run = new TracedCall();
  private final Graph graph = run.graph;
  private final Tensor[] heads = {
    run.activation(4, BF16), run.activation(4, BF16), run.activation(4, BF16)
  };

  @Test
  void an_older_cache_holds_keys_and_values_as_they_are() {
    KeyValueCache cache = new KeyValueCache(false);

    assertThat(run.forward(() -> update(cache))).isEqualTo("");
    assertThat(cache.take()).hasSize(2);
  }

  @Test
  void a_newer_one_puts_them_behind_nothing_by_a_copy_of_each() {
    KeyValueCache cache = new KeyValueCache(true);

    assertThat(run.forward(() -> update(cache))).startsWith("+4");
    assertThat(cache.take()).hasSize(2);
  }

  private Tensor update(KeyValueCache cache) {
    cache.update(graph, heads);
    return heads[0];
  }
}
