package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.AllocationTrace;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which tensors are allocated on which stream. */
class SideStreamsTest {

  @Test
  void one_gpu_has_one_stream() {
    assertThat(streams("--method full")).isEmpty();
    assertThat(streams("--method full --strategy ddp --count 2")).isEmpty();
  }

  @Test
  void fsdp2_gathers_and_reduces_on_streams_of_its_own() {
    assertThat(streams("--method full --strategy fsdp2 --count 2 --model-dtype fp32"))
        .isEqualTo(
            Map.of(
                Stream.ALL_GATHER_COPY_IN, Set.of("all-gather buffer", "cast shards"),
                Stream.REDUCE_SCATTER, Set.of("gradient")));
  }

  /** Its root is another one than the trained model's. */
  @Test
  void a_reference_gathers_on_a_stream_of_its_own() {
    String flags = "--method full --strategy fsdp2 --count 2 --model-dtype fp32";
    String pairs = " --stage dpo --reference copy --prompt-length 256 --completion-length 256";

    assertThat(streams(flags + pairs)).containsKey(Stream.REFERENCE_COPY_IN);
    assertThat(streams(flags)).doesNotContainKey(Stream.REFERENCE_COPY_IN);
  }

  /** The copy of a gradient in the dtype of its shard is made where the replicas' sum is. */
  @Test
  void what_replicas_have_summed_is_cast_on_a_stream_of_its_own() {
    String bf16 = " --model-dtype fp32 --reduce-dtype bf16";

    assertThat(streams("--method full --strategy fsdp2 --shard 2 --replicate 2" + bf16).keySet())
        .containsExactlyInAnyOrder(
            Stream.ALL_GATHER_COPY_IN, Stream.REDUCE_SCATTER, Stream.ALL_REDUCE);
    assertThat(streams("--method full --strategy fsdp1 --shard 2 --replicate 2" + bf16).keySet())
        .containsExactlyInAnyOrder(
            Stream.COMPUTE_READ_ASIDE,
            Stream.PRE_UNSHARD_READ_ASIDE,
            Stream.UNSHARD,
            Stream.POST_BACKWARD,
            Stream.ALL_REDUCE);
  }

  @Test
  void fsdp1_has_one_stream_for_casts_one_for_gathers_and_one_for_gradients() {
    assertThat(streams("--method full --strategy fsdp1 --count 2 --model-dtype fp32"))
        .isEqualTo(
            Map.of(
                Stream.COMPUTE_READ_ASIDE, Set.of("flat gradient"),
                Stream.PRE_UNSHARD_READ_ASIDE, Set.of("cast shards"),
                Stream.UNSHARD, Set.of("gathered parameters"),
                Stream.POST_BACKWARD, Set.of("gradient", "reduce-scatter buffer")));
  }

  /** Names of what is allocated on each stream beside the model's own. */
  private static Map<Stream, Set<String>> streams(String flags) {
    AllocationTrace trace = Estimates.of(Estimates.llama(false), flags).trace();
    Map<Stream, Set<String>> streams = new EnumMap<>(Stream.class);
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE
          && trace.block(i).stream() != Stream.COMPUTE) {
        streams
            .computeIfAbsent(trace.block(i).stream(), s -> new TreeSet<>())
            .add(trace.block(i).name());
      }
    }
    return streams;
  }
}
