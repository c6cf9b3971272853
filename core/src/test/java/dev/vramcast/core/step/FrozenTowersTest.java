package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;

/** A tower of two layers of 128 features before a small Qwen2.5-VL that sees one image. */
class FrozenTowersTest {

  private static final Architecture QWEN = Estimates.model("qwen2_5_vl", Configs.TOWER);

  private static final Tower TOWER = QWEN.towers().get(0);
  private static final String IMAGE = "--sequence-length 512 --images 1 --image-size 448,448 ";

  private static long bytes(String flags, Category category) {
    return Estimates.of(QWEN, IMAGE + flags).breakdown().getOrDefault(category, 0L);
  }

  private static long merger() {
    return TOWER.linears().stream()
            .filter(linear -> Tower.isProjector(linear.name()))
            .mapToLong(linear -> linear.parameterCount())
            .sum()
        + TOWER.others().stream()
            .filter(tensor -> Tower.isProjector(tensor.name()))
            .mapToLong(tensor -> tensor.count())
            .sum();
  }

  /** Adam keeps two fp32 numbers of each that is trained, in blocks of 512 bytes. */
  @Test
  void what_is_frozen_has_no_states() {
    String full = "--method full --model-dtype fp32 ";
    long all = bytes(full, Category.OPTIMIZER);

    assertThat(all - bytes(full + "--frozen towers,projectors", Category.OPTIMIZER))
        .isCloseTo(8 * TOWER.parameterCount(), withinPercentage(1));
    assertThat(all - bytes(full + "--frozen projectors", Category.OPTIMIZER))
        .isCloseTo(8 * merger(), withinPercentage(1));
    assertThat(all - bytes(full + "--frozen towers", Category.OPTIMIZER))
        .isCloseTo(8 * (TOWER.parameterCount() - merger()), withinPercentage(1));
  }

  @Test
  void what_is_frozen_carries_no_adapters() {
    String lora = "--method lora --targets all-linear --rank 16 ";
    long linears =
        TOWER.linears().stream().mapToLong(linear -> 16 * (linear.in() + linear.out())).sum();

    assertThat(
            bytes(lora, Category.ADAPTERS)
                - bytes(lora + "--frozen towers,projectors", Category.ADAPTERS))
        .isCloseTo(4 * linears, withinPercentage(1));
  }

  @Test
  void the_frameworks_that_freeze_encoders_do_so_where_nobody_says_otherwise() {
    String full = "--method full --model-dtype fp32 --framework ";

    assertThat(bytes(full + "ms-swift", Category.OPTIMIZER))
        .isEqualTo(bytes(full + "transformers --frozen towers,projectors", Category.OPTIMIZER));
    assertThat(bytes(full + "ms-swift --frozen projectors", Category.OPTIMIZER))
        .isEqualTo(bytes(full + "transformers --frozen projectors", Category.OPTIMIZER));
  }
}
