package dev.vramcast.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What belongs to a model and is no parameter. */
class BuffersTest {

  private static final String OLD = "--method full --model-dtype fp32 --transformers 4.40.2 ";

  /** FSDP1 casts them where it mixes dtypes ({@code buffer_dtype}), DeepSpeed the whole model. */
  @ParameterizedTest
  @CsvSource({
    "fsdp2, 1",
    "zero3, 2",
    "fsdp1, 2",
  })
  void every_rank_has_rotary_tables_whole(String strategy, int smaller) {
    List<Long> alone = tables(OLD);

    assertThat(alone).isNotEmpty();
    assertThat(tables(OLD + "--precision bf16-mixed --count 2 --strategy " + strategy))
        .isEqualTo(alone.stream().map(bytes -> bytes / smaller).toList());
  }

  private static List<Long> tables(String flags) {
    AllocationTrace trace = Estimates.of(Estimates.llama(false), flags).trace();
    List<Long> bytes = new ArrayList<>();
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE && isTable(trace.block(i))) {
        bytes.add(trace.block(i).bytes());
      }
    }
    return bytes;
  }

  private static boolean isTable(Block block) {
    return block.name().equals("rotary tables") && block.category() == Category.WEIGHTS;
  }
}
