package dev.vramcast.core.job.option.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckpointPlacementTest {

  private static final CheckpointPlacement FIRST_OF_THREE =
      new CheckpointPlacement(3, false, OptionalInt.empty(), 1);
  private static final CheckpointPlacement LAST_OF_THREE =
      new CheckpointPlacement(3, true, OptionalInt.empty(), 1);

  private static int[] checkpointed(CheckpointPlacement placement) {
    return IntStream.range(0, 8).filter(placement::has).toArray();
  }

  @Test
  void one_of_so_many_layers_is_the_first_or_the_last() {
    assertThat(checkpointed(CheckpointPlacement.ALL)).hasSize(8);
    assertThat(checkpointed(FIRST_OF_THREE)).containsExactly(0, 3, 6);
    assertThat(checkpointed(LAST_OF_THREE)).containsExactly(2, 5);
  }

  @Test
  void the_share_of_layers_is_that_of_those_that_are_checkpointed() {
    assertThat(CheckpointPlacement.ALL.share(8, 1)).isEqualTo(1);
    assertThat(FIRST_OF_THREE.share(8, 1)).isEqualTo(3 / 8.0);
    assertThat(LAST_OF_THREE.share(8, 1)).isEqualTo(2 / 8.0);
  }

  @Test
  void first_layers_are_those_of_every_stage() {
    var placement = new CheckpointPlacement(1, false, OptionalInt.of(2), 1);

    assertThat(placement.share(32, 4)).isEqualTo(8 / 32.0);
    assertThat(placement.share(6, 4)).isEqualTo(1);
  }
}
