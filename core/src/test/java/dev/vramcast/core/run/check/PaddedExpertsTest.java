package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.PaddedExperts;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The one way in which more GPUs need more memory of each. */
class PaddedExpertsTest {

  private static final Architecture MODEL =
      Estimates.model("mixtral", Map.of("num_local_experts", 4, "num_experts_per_tok", 2));

  private static String spread(int gpus) {
    return "--method full --precision bf16 --transformers 5.0 --strategy fsdp2 --count " + gpus;
  }

  private static Optional<Notice> warning(String flags) {
    return PaddedExperts.of(MODEL, Estimates.job(flags));
  }

  @Test
  void more_gpus_than_experts_need_more_and_a_warning_says_so() {
    assertThat(warning(spread(4))).isEmpty();
    assertThat(warning(spread(16)))
        .hasValueSatisfying(
            notice ->
                assertThat(notice.toString())
                    .contains("the 4 experts of a layer among 16 GPUs", "needs more memory"));
    assertThat(Estimates.of(MODEL, spread(16)).allocatedBytes())
        .isGreaterThan(Estimates.of(MODEL, spread(4)).allocatedBytes());
  }

  @Test
  void groups_that_divide_the_experts_need_no_warning() {
    assertThat(warning(spread(16) + " --replicate 4")).isEmpty();
    assertThat(warning(spread(16).replace("fsdp2", "fsdp1"))).isEmpty();
  }
}
