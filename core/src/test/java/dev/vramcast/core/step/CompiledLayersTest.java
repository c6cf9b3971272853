package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes a token that a compiled layer keeps for its backward pass, against what the min-cut
 * partitioner of AOTAutograd saved when it was run on the real layer (PyTorch 2.7.1 to 2.15.0,
 * torchtitan 0.1.0, Transformers 5.17): hidden size 1024, 16 heads of 64, 4 of keys, bf16.
 */
class CompiledLayersTest {

  private static final int TOKENS = 512;
  private static final String FULL = "--method full --precision bf16 --compile true";
  private static final String TITAN = FULL + " --model-dtype bf16 --framework torchtitan";

  @ParameterizedTest
  @CsvSource({"llama, 30280", "qwen3, 32920", "gemma2, 32336"})
  void a_layer_of_transformers_keeps_what_the_partitioner_saves(String type, long bytes) {
    assertThat(kept(type, FULL, false)).isEqualTo(bytes);
  }

  @Test
  void autocast_in_a_compiled_layer_casts_each_tensor_once() {
    String flags = "--method full --precision bf16-mixed --model-dtype fp32 --compile true";
    // Beside copies of the weights, which are 22,544,384 bytes whatever the tokens.
    assertThat(kept("llama", flags, false) - 22_544_384 / TOKENS).isEqualTo(32_328);
  }

  @ParameterizedTest
  @CsvSource({"none, 33352", "selective, 12352", "full, 2048"})
  void a_block_of_torchtitan_keeps_what_the_partitioner_saves(String checkpointing, long bytes) {
    String flags = TITAN + " --torch 2.8 --checkpointing " + checkpointing;
    assertThat(kept("llama", flags, false)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"2.8, 10240", "2.9, 10240", "2.10, 12352"})
  void torchtitan_first_ran_the_attention_of_cudnn_again(String torch, long bytes) {
    String flags = TITAN + " --checkpointing selective --torch " + torch;
    assertThat(kept("llama", flags, true)).isEqualTo(bytes);
  }

  @Test
  void torchtitan_expands_no_heads_from_0_2_2_on() {
    // Keys and values of 16 heads, of 4.
    assertThat(kept("llama", TITAN + " --checkpointing none --torch 2.10", false)).isEqualTo(33352);
    assertThat(kept("llama", TITAN + " --checkpointing none --torch 2.11", false)).isEqualTo(30280);
  }

  /**
   * Queries, keys, values and outputs of 2048 bytes and 64 of row sums; four times 5632 in the MLP;
   * two norms: from 2.9 on an input and an output of 2048 each and a number a row, before that the
   * input in fp32, what it is made to in fp32, the output and a number a row.
   */
  @ParameterizedTest
  @CsvSource({"2.8, 51272", "2.9, 38984"})
  void an_eager_block_of_torchtitan_saves_what_the_norm_of_its_pytorch_does(
      String torch, long bytes) {
    String flags = TITAN + " --compile false --checkpointing none --torch " + torch;
    assertThat(kept("llama", flags, false)).isEqualTo(bytes);
  }

  private static long kept(String type, String flags, boolean prefersCudnn) {
    long five = aboveLoaded(type, flags, 5, prefersCudnn);
    return (aboveLoaded(type, flags, 6, prefersCudnn) - five) / TOKENS;
  }

  private static long aboveLoaded(String type, String flags, int layers, boolean prefersCudnn) {
    Architecture model = Steps.model(type, Map.of("num_hidden_layers", layers, "head_dim", 64));
    TraceReading reading = Steps.read(model, flags, prefersCudnn);
    Map<Phase, Long> peaks = reading.phasePeaks();
    return peaks.get(Phase.BACKWARD_HEAD) - peaks.get(Phase.LOAD);
  }
}
