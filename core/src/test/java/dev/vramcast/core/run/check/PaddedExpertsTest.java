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

  @Test
  void experts_of_fewer_columns_than_gpus_are_padded_where_each_has_linears_of_its_own() {
    Architecture narrow =
        Estimates.model(
            "mixtral",
            Map.of("num_local_experts", 4, "num_experts_per_tok", 2, "intermediate_size", 8));
    String flags = spread(16).replace("5.0", "4.57");

    assertThat(PaddedExperts.of(narrow, Estimates.job(flags)))
        .hasValueSatisfying(
            notice ->
                assertThat(notice.toString())
                    .contains("the 8 rows of an expert's linear among 16 GPUs"));
    assertThat(PaddedExperts.of(MODEL, Estimates.job(flags))).isEmpty();
    assertThat(PaddedExperts.of(narrow, Estimates.job(flags.replace("count 16", "count 8"))))
        .isEmpty();
  }
}
