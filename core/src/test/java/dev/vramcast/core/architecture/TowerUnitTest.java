package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TowerUnitTest {

  @Test
  void a_numbered_layer_is_the_unit_of_all_in_it() {
    assertThat(Tower.unit("model.visual.blocks.12.attn.qkv", List.of("blocks.*")))
        .contains("model.visual.blocks.12");
  }

  @Test
  void the_outermost_of_two_is_the_unit() {
    assertThat(Tower.unit("a.layers.3.self_attn.q_proj", List.of("self_attn", "layers.*")))
        .contains("a.layers.3");
  }

  @Test
  void what_is_in_no_such_module_has_no_unit() {
    assertThat(Tower.unit("model.visual.merger.mlp.0", List.of("blocks.*"))).isEmpty();
    assertThat(Tower.unit("model.aligner.hidden_layers.0", List.of("layers.*"))).isEmpty();
    assertThat(Tower.unit("model.visual.blocks.0.attn.qkv", List.of())).isEmpty();
  }
}
