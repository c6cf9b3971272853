package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.time.work.Lengths;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunEstimatorTest {

  @Test
  void a_run_without_data_has_no_time() {
    Resolution resolution = Times.resolve("--method lora");

    assertThat(RunEstimator.estimate(Times.estimate("--method lora"), resolution, RunExtras.USUAL))
        .isEmpty();
  }

  @Test
  void tokens_take_their_time_beside_startup_and_checkpoint() {
    RunEstimate run = run("--method full --tokens 1000000000", RunExtras.USUAL);
    TimeEstimate time = Times.estimate("--method full");

    assertThat(run.tokens()).isEqualTo(1e9);
    assertThat(run.steps()).isEqualTo((long) Math.ceil(1e9 / 512));
    assertThat(run.startup()).isEqualTo(Duration.ofMinutes(5));
    assertThat(Seconds.of(run.training()))
        .isCloseTo(1e9 / time.tokensPerSecond(), withinPercentage(1e-6));
    assertThat(Seconds.of(run.checkpoints())).isCloseTo(14 * 39_326_720 / 1e9, within(1e-6));
    assertThat(run.evaluation()).isZero();
    assertThat(run.total()).isEqualTo(run.startup().plus(run.training()).plus(run.checkpoints()));
    assertThat(run.low()).isLessThan(run.total());
    assertThat(run.high()).isGreaterThan(run.total());
  }

  @ParameterizedTest
  @CsvSource({
    "--examples 1000 --tokens-per-example 100 --epochs 3, 300000",
    "--examples 1000 --tokens-per-example 100, 100000",
    "--examples 1000, 512000",
    "--tokens 7000 --examples 1000 --tokens-per-example 100, 7000",
    "--examples 1000 --tokens-per-example 100 --padding padded, 512000",
    "--examples 1000 --tokens-per-example 100 --padding longest, 100000",
    "--tokens 7000 --padding longest --micro-batch 8, 7000",
  })
  void data_is_counted_in_tokens_with_padding_where_examples_are_known(String data, double tokens) {
    assertThat(run("--method lora " + data, RunExtras.USUAL).tokens())
        .isCloseTo(tokens, withinPercentage(1e-9));
  }

  @Test
  void batches_padded_to_their_longest_hold_more_than_is_learned_from() {
    RunEstimate run =
        run(
            "--method lora --micro-batch 8 --padding longest --examples 1000 "
                + "--tokens-per-example 100",
            RunExtras.USUAL);

    assertThat(run.tokens()).isBetween(200_000.0, 512_000.0);
  }

  /** Shares that a simulation of a million lengths gave. */
  @ParameterizedTest
  @CsvSource({"1, 1.00", "2, 0.70", "4, 0.51", "8, 0.39", "16, 0.31"})
  void the_share_of_real_tokens_falls_with_the_batch(int batch, double share) {
    double mean = 350 * Math.exp(0.8 * 0.8 / 2);

    assertThat(Lengths.share(mean, 4096, batch)).isCloseTo(share, within(0.006));
  }

  @Test
  void evaluation_runs_forward_only() {
    String flags = "--method lora --framework megatron --micro-batch 64 --tokens 1000000000";
    RunEstimate run = run(flags, new RunExtras(1e9, 0));

    double ratio = Seconds.of(run.training()) / Seconds.of(run.evaluation());
    assertThat(ratio).isBetween(2.0, 2.6);
    assertThat(run.checkpoints()).isZero();
  }

  @Test
  void a_checkpoint_of_adapters_is_small() {
    String flags = "--method lora --rank 8 --targets q_proj --tokens 1000";

    assertThat(Seconds.of(run(flags, new RunExtras(0, 5)).checkpoints()))
        .isCloseTo(5 * 12 * 2 * 8 * 2048 / 1e9, within(1e-6));
  }

  @Test
  void the_longest_run_is_still_a_duration() {
    RunEstimate run = run("--method full --tokens 1e18", RunExtras.USUAL);

    assertThat(run.training()).isGreaterThan(Duration.ofDays(1000));
    assertThat(run.high()).isGreaterThan(run.total());
  }

  private static RunEstimate run(String flags, RunExtras extras) {
    TimeEstimate time = Times.estimate(flags);
    return RunEstimator.estimate(time, Times.resolve(flags), extras).orElseThrow();
  }
}
