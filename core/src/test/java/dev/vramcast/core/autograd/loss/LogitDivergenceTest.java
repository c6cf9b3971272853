package dev.vramcast.core.autograd.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class LogitDivergenceTest {

  private static final long TOKENS = 4096;
  private static final long WORDS = 32_000;

  /** Labels, masks and sums of tokens, which are some kilobytes. */
  private static final long SMALL = 256 * 1024;

  /** What a loss of these two logits gives. */
  private interface Loss {
    Tensor of(Graph g, Tensor student, Tensor teacher);
  }

  @ParameterizedTest
  @CsvFileSource(
      resources = "/dev/vramcast/core/autograd/loss/logit-divergence.tsv",
      delimiter = '\t',
      useHeadersInDisplayName = true)
  void a_loss_of_two_models_takes_what_pytorch_does(
      String loss, String dtype, long forward, long left, long backward) {
    DataType type = dtype.equals("fp32") ? DataType.FP32 : DataType.BF16;
    long units = TOKENS * WORDS * type.bytes() / 512;
    TracedCall call = new TracedCall();
    Tensor student = call.activation(units, type);
    Tensor teacher = call.constant(units, type);

    Usage made = new Usage();
    made.add(call.forward(() -> loss(loss).of(call.graph, student, teacher)));

    assertThat(made.peak).isCloseTo(forward, within(SMALL));
    assertThat(made.alive).isCloseTo(left, within(SMALL));

    made.peak = 0;
    made.add(call.release(teacher));
    made.peak = 0;
    made.add(call.backward());

    assertThat(made.peak).isCloseTo(backward, within(SMALL));
  }

  private static Loss loss(String name) {
    return switch (name) {
      case "forward-kl" -> (g, s, t) -> LogitDivergence.forward(g, s, t, TOKENS, WORDS);
      case "expected" -> (g, s, t) -> LogitDivergence.expected(g, s, t, WORDS);
      case "jensen-shannon" ->
          (g, s, t) -> new DivergencePieces(g, WORDS, 0.5).forward(s, t, TOKENS);
      case "from-teacher" -> (g, s, t) -> new DivergencePieces(g, WORDS, 0).forward(s, t, TOKENS);
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Bytes alive while events happen. */
  static final class Usage {
    long alive;
    long peak;

    void add(String events) {
      for (String event : events.split(" ")) {
        if (!event.isEmpty()) {
          alive += Long.parseLong(event) * 512;
          peak = Math.max(peak, alive);
        }
      }
    }
  }
}
