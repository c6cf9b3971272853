package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.input.Remark;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Evaluations of sequences of 512 tokens, four at a time, of the two layers of {@link Times}. */
class EvaluationTimeTest {

  private static final String EVALUATED =
      "--framework llama-factory --method full --model-dtype bf16 --precision bf16 --tokens 1e6"
          + " --evaluation-batch 4 --evaluation-batches 10 ";
  private static final String PAIRS =
      EVALUATED.replace("llama-factory", "trl --stage orpo") + "--evaluation-new-tokens 100 ";

  private static final double PRODUCTS = 70e12;
  private static final double MEMORY = 0.75 * 1000e9;

  /** Two launched layers, a quarter of a step's forward and backward pass each. */
  private static final double LAUNCHED = 2 * 3.3e-3 / 4;

  private static double seconds(String flags) {
    RunEstimate run =
        RunEstimator.estimate(Times.estimate(flags), Times.resolve(flags), RunExtras.USUAL)
            .orElseThrow();
    return Seconds.of(run.evaluation());
  }

  private static double prompts(int rows, int tokens) {
    return rows * tokens * (2.0 * 22_544_384 + 2 * tokens * 1024) / PRODUCTS;
  }

  @Test
  void every_token_launches_all_layers_and_no_loss_is_computed_where_generation_stands_alone() {
    assertThat(seconds(EVALUATED + "--evaluation-new-tokens 100"))
        .isCloseTo(10 * (100 * LAUNCHED + prompts(4, 512)), withinPercentage(0.1));
  }

  @Test
  void so_many_tokens_take_so_much_longer() {
    double few = seconds(EVALUATED + "--evaluation-new-tokens 100");
    double many = seconds(EVALUATED + "--evaluation-new-tokens 200");

    assertThat(many - few).isCloseTo(10 * 100 * LAUNCHED, withinPercentage(0.1));
  }

  @Test
  void rows_of_beams_read_keys_and_values_of_their_own() {
    double weights = 2 * (22_544_384 + 8_388_608);
    double keys = 2 * 2 * 2 * 128.0 * (512 + 50) * 2;
    int beams = 1000;
    // The cache is read and written anew, repeated for 4 heads each, and read.
    int passes = 2 + 1 + 4 + 4;
    double round = (weights + passes * keys * 4 * beams) / MEMORY;

    assertThat(round).isGreaterThan(LAUNCHED);
    assertThat(seconds(EVALUATED + "--evaluation-new-tokens 100 --evaluation-beams " + beams))
        .isCloseTo(10 * (100 * round + prompts(4 * beams, 512)), withinPercentage(1));
  }

  @Test
  void pairs_are_passed_over_and_one_batch_of_their_prompts_is_answered() {
    double passes = seconds(PAIRS.replace("--evaluation-new-tokens 100 ", ""));

    assertThat(passes).isPositive();
    assertThat(seconds(PAIRS) - passes)
        .isCloseTo(100 * LAUNCHED + prompts(4, 412), withinPercentage(5));
  }

  @Test
  void tokens_of_all_evaluations_that_are_given_take_as_long_each() {
    String flags = EVALUATED + "--evaluation-new-tokens 100";
    double described = 10 * 4 * 512;

    RunEstimate run =
        RunEstimator.estimate(
                Times.estimate(flags), Times.resolve(flags), new RunExtras(3 * described, 0))
            .orElseThrow();
    assertThat(Seconds.of(run.evaluation())).isCloseTo(3 * seconds(flags), withinPercentage(0.1));
  }

  @Test
  void what_is_counted_is_said() {
    assertThat(said(Times.estimate(EVALUATED + "--evaluation-new-tokens 100")))
        .contains("makes 100 tokens behind each sequence of 10 batches");
    assertThat(said(Times.estimate(EVALUATED))).doesNotContain("tokens behind");
  }

  @Test
  void of_an_encoder_decoder_only_the_passes_are_counted() {
    Map<String, Object> sizes =
        Map.of("d_model", 512, "d_ff", 1024, "num_layers", 2, "d_kv", 64, "num_heads", 8);

    assertThat(TimeEstimator.timesEvaluation(Times.model("t5", sizes))).isFalse();
    assertThat(TimeEstimator.timesEvaluation(Times.llama())).isTrue();
  }

  private static String said(TimeEstimate estimate) {
    return estimate.assumptions().stream().map(Remark::toString).toList().toString();
  }
}
