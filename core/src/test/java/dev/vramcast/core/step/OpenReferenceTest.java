package dev.vramcast.core.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.Phase;
import org.junit.jupiter.api.Test;

/** References that nobody has frozen: Llama of two layers, 512 tokens, DPO in full. */
class OpenReferenceTest {

  private static final long LAYERS = 2 * (1024 * 1024 * 2L + 1024 * 256 * 2 + 3 * 1024 * 2816);

  /** The highest point is before it. */
  private static final long LAST = 1024 * 2816;

  private static final long HEAD = 8192 * 1024;

  private static final String JOB =
      "--stage dpo --method full --precision bf16-mixed --checkpointing none";

  /** 16-bit ones, beside those that the policy's graph has saved; the head has not run yet. */
  @Test
  void autocast_keeps_copies_of_all_their_weights() {
    String fp32 = JOB + " --model-dtype fp32 --framework trl --framework-version 1.12.0";

    assertThat(copies(fp32)).isEqualTo(2 * (LAYERS + HEAD) + 2 * (LAYERS - LAST));
  }

  @Test
  void of_a_frozen_one_it_keeps_none() {
    String frozen = JOB + " --model-dtype fp32 --framework llama-factory";

    assertThat(copies(frozen)).isEqualTo(2 * (LAYERS + HEAD));
  }

  private static long copies(String flags) {
    AllocationTrace trace = Estimates.of(Estimates.llama(false), flags).trace();
    return LiveTensor.atPeakOf(trace, Phase.NO_GRAD_LAYERS).stream()
        .filter(tensor -> tensor.name().equals("autocast copies of weights"))
        .mapToLong(LiveTensor::bytes)
        .sum();
  }
}
