package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TowerUnitTest {

  private static Tower tower(String... unsplit) {
    return new Tower("vision", List.of(), List.of(), Optional.empty()).inUnits(List.of(unsplit));
  }

  @Test
  void a_numbered_layer_is_the_unit_of_all_in_it() {
    assertThat(tower("blocks.*").unit("model.visual.blocks.12.attn.qkv"))
        .contains("model.visual.blocks.12");
  }

  @Test
  void the_outermost_of_two_is_the_unit() {
    assertThat(tower("self_attn", "layers.*").unit("a.layers.3.self_attn.q_proj"))
        .contains("a.layers.3");
  }

  @Test
  void what_is_in_no_such_module_has_no_unit() {
    assertThat(tower("blocks.*").unit("model.visual.merger.mlp.0")).isEmpty();
    assertThat(tower("layers.*").unit("model.aligner.hidden_layers.0")).isEmpty();
    assertThat(tower().unit("model.visual.blocks.0.attn.qkv")).isEmpty();
  }
}
