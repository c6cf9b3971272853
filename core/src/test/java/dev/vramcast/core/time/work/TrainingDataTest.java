package dev.vramcast.core.time.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingDataTest {

  private static final String JOB = "--method lora --sequence-length 1024 --micro-batch 1 ";

  @ParameterizedTest
  @CsvSource({
    "--stage sft, 100",
    "--stage kto, 100",
    "--stage dpo, 200",
    "--stage reward --framework trl, 200",
    "--stage embedding --framework sentence-transformers --method full, 200",
    "--stage embedding --framework sentence-transformers --method full --texts 3, 300",
    "--stage grpo --group-size 4, 400",
    "--stage grpo --group-size 4 --iterations 3, 1200"
  })
  void an_example_makes_as_many_sequences_as_its_stage_learns_from(String flags, double made) {
    assertThat(sequences("--grad-accum 12 --examples 100 " + flags)).isEqualTo(made);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl --stage grpo, 800",
    "--framework trl --stage rloo, 200",
    "--framework axolotl --stage grpo, 800",
    "--framework ms-swift --stage grpo, 800",
    "--framework unsloth --stage grpo, 800"
  })
  void a_prompt_has_as_many_completions_as_its_trainer_generates(String flags, double made) {
    assertThat(sequences("--grad-accum 16 --examples 100 " + flags)).isEqualTo(made);
  }

  /** TRL refuses to start with such a batch, which is said; the group is what it would be. */
  @ParameterizedTest
  @CsvSource({"--stage grpo, 800, 8", "--stage rloo, 200, 2"})
  void a_usual_group_that_does_not_divide_the_batch_is_warned_of(
      String flags, double made, String group) {
    String odd = "--grad-accum 3 --examples 100 " + flags;

    assertThat(sequences(odd)).isEqualTo(made);
    assertThat(resolve(odd).warnings())
        .anyMatch(warning -> warning.toString().contains(group + " where nobody says it"));
    assertThat(resolve("--grad-accum 16 --examples 100 " + flags).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--stage sft, 160",
    "--stage dpo, 320",
    "--stage grpo --iterations 2, 160",
    "--stage embedding --framework sentence-transformers --method full, 320"
  })
  void a_step_sees_the_sequences_of_its_batch_once(String flags, double seen) {
    assertThat(sequences("--grad-accum 16 --steps 10 " + flags)).isEqualTo(seen);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--tokens-per-example 1000", "--tokens-per-example 1024"})
  void padding_makes_no_sequence_longer_than_the_longest(String flags) {
    RunWork work =
        work("--micro-batch 8 --grad-accum 2 --padding longest --examples 1600 " + flags);

    assertThat(work.tokens()).isEqualTo(1600 * 1024);
    assertThat(work.steps()).isEqualTo(100);
  }

  @Test
  void shorter_examples_take_as_many_steps_of_fewer_tokens() {
    RunWork work =
        work(
            "--micro-batch 8 --grad-accum 2 --padding longest --examples 1600"
                + " --tokens-per-example 200");

    assertThat(work.tokens()).isBetween(1600 * 200.0, 1600 * 1024.0);
    assertThat(work.steps()).isEqualTo(100);
  }

  @Test
  void packed_rows_are_full_so_that_shorter_examples_take_fewer_steps() {
    RunWork work =
        work("--grad-accum 16 --padding packed --examples 1600 --tokens-per-example 256");

    assertThat(work.tokens()).isEqualTo(1600 * 256);
    assertThat(work.steps()).isEqualTo(25);
  }

  private static RunWork work(String flags) {
    Resolution resolution = resolve(flags);
    return TrainingData.of(resolution).orElseThrow().work(resolution.job());
  }

  private static double sequences(String flags) {
    return TrainingData.of(resolve(flags)).orElseThrow().examples().orElseThrow();
  }

  private static Resolution resolve(String flags) {
    return JobResolver.resolve(Jobs.of(JOB + flags));
  }

  /** Alpaca's 52,000 answers of some 100 tokens fill few rows of 4096. */
  @ParameterizedTest
  @CsvSource({
    "--padding packed --examples 52000, true",
    "--padding longest --examples 52000, true",
    "--padding packed --examples 52000 --tokens-per-example 250, false",
    "--padding packed --tokens 20000000, false",
    "--padding packed --steps 100, false",
    "--padding padded --examples 52000, false",
  })
  void who_says_how_many_examples_and_not_how_long_is_told(String flags, boolean told) {
    assertThat(TrainingData.fillsSequences(resolve(flags))).isEqualTo(told);
  }
}
