package dev.vramcast.core.autograd.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeDivergenceTest {

  private static final long TOKENS = 1024;
  private static final long WORDS = 32_000;
  private static final long ELEMENTS = TOKENS * WORDS;

  /** Labels, masks and sums of tokens. */
  private static final long SMALL = 256 * 1024;

  private static long peak(DataType ofTeacher, double mixture) {
    TracedCall call = new TracedCall();
    Tensor student = call.activation(ELEMENTS * 2 / 512, DataType.BF16);
    Tensor teacher = call.constant(ELEMENTS * ofTeacher.bytes() / 512, ofTeacher);
    LogitDivergenceTest.Usage made = new LogitDivergenceTest.Usage();
    WholeDivergence loss = new WholeDivergence(call.graph, WORDS, mixture);
    made.add(call.forward(() -> loss.forward(student, teacher, TOKENS, TOKENS)));
    return made.peak;
  }

  /**
   * The teacher's logits over temperature, its log-probabilities and what is computed of both: two
   * bytes more for each element of five, and of twelve where both meet in a mixture.
   */
  @ParameterizedTest
  @CsvSource({"0, 5", "0.5, 12"})
  void a_teacher_in_fp32_makes_the_divergence_one_in_fp32(double mixture, long wider) {
    long more = peak(DataType.FP32, mixture) - peak(DataType.BF16, mixture);

    assertThat(more).isCloseTo(wider * 2 * ELEMENTS, within(SMALL));
  }
}
