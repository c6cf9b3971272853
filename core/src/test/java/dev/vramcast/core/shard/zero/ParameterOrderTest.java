package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An embedding of 100, ten layers of 5, 20 and 30, and a head of 100. */
class ParameterOrderTest {

  private final ParameterOrder order = new ParameterOrder();

  @BeforeEach
  void parameters() {
    order.add(100, 1);
    order.add(5, 10);
    order.add(20, 10);
    order.add(30, 10);
    order.add(100, 1);
  }

  @Test
  void all_layers_count() {
    assertThat(order.total()).isEqualTo(100 + 10 * 55 + 100);
    assertThat(order.largest()).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 100",
    "100, 100",
    "101, 105",
    "125, 125",
    "126, 155",
    "155, 155",
    "156, 160",
    "650, 650",
    "651, 750",
    "9999, 750"
  })
  void a_head_of_the_list_ends_at_a_parameter(long limit, long elements) {
    assertThat(order.atLeast(limit)).isEqualTo(elements);
  }
}
