package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedStreamsTest {

  /** Of 512 tokens and a hidden size of 1024, in bf16. */
  private static final long TOKENS = 512 * 1024 * 2L;

  private static final String TENSOR =
      "--framework megatron --strategy megatron --method full --count 2 --tensor 2 --shard 1 ";

  /** Of more than the billion parameters that stage 3 leaves whole. */
  private static final Map<String, Object> WIDE =
      Map.of("num_hidden_layers", 16, "hidden_size", 4096, "intermediate_size", 11008);

  private static long reserved(String flags) {
    return Estimates.of(Estimates.llama(false), flags.strip()).reservedBytes();
  }

  @Test
  void what_tensor_parallelism_sums_waits_for_nccl_up_to_pytorch_2_7() {
    assertThat(reserved(TENSOR + "--torch 2.7") - reserved(TENSOR + "--torch 2.8"))
        .isEqualTo(2 * 2 * TOKENS);
  }

  @Test
  void sequence_parallelism_gathers_and_scatters_twice_as_much() {
    String sequence = TENSOR + "--sequence-parallel true ";

    assertThat(reserved(sequence + "--torch 2.7") - reserved(sequence + "--torch 2.8"))
        .isEqualTo(2 * 4 * TOKENS);
  }

  @Test
  void nothing_waits_where_tensors_are_whole() {
    String whole = "--framework megatron --strategy megatron --method full ";

    assertThat(reserved(whole + "--torch 2.7")).isEqualTo(reserved(whole + "--torch 2.8"));
  }

  /** What is freed on the stream that gathers waits for the one that computes. */
  @Test
  void zero_3_holds_what_it_has_gathered_and_given_up() {
    Architecture model = Estimates.model("llama", WIDE);
    String flags = "--method full --precision bf16 --strategy zero3 --count 8 --shard 8";
    RankEstimate aside = Estimates.of(model, flags);
    RankEstimate within = Estimates.of(model, flags + " --overlap-comm false");

    assertThat(aside.allocatedBytes()).isEqualTo(within.allocatedBytes());
    assertThat(aside.reservedBytes() - within.reservedBytes()).isGreaterThan(Tensors.count(model));
  }
}
