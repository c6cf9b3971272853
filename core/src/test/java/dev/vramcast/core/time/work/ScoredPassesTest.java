package dev.vramcast.core.time.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passes without gradients in the time of a step. */
class ScoredPassesTest {

  private static final String GRPO = "--framework trl --method lora --stage grpo --engine none ";

  @ParameterizedTest
  @CsvSource({
    "--stage dpo --method lora, 1",
    "--stage dpo --method lora --reference precomputed, 0",
    "--stage kto --method lora, 3"
  })
  void a_reference_runs_as_many_tokens_again(String flags, double forwards) {
    ResolvedJob job = Estimates.job("--framework trl " + flags);

    assertThat(Passes.of(RunPlan.of(job).step(), job, 2).forwards()).isEqualTo(forwards);
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "--beta 0.1, 1", "--beta 0.1 --iterations 2, 1"})
  void scores_are_made_once_for_all_updates_of_a_batch(String flags, double forwards) {
    ResolvedJob job = Estimates.job(GRPO + flags);
    RunPlan plan = RunPlan.of(job);
    List<Pass> scored =
        plan.episodes().stream()
            .filter(Episode.Scoring.class::isInstance)
            .flatMap(each -> each.passes().stream())
            .toList();

    assertThat(Passes.of(plan.step(), scored, job, 2, model -> 1).forwards()).isEqualTo(forwards);
  }

  @ParameterizedTest
  @CsvSource({"sft, 1", "kto, 1", "dpo, 2", "orpo, 2", "cpo, 2", "reward, 2"})
  void an_example_that_is_a_pair_is_two_sequences(String stage, int sequences) {
    Resolution resolution =
        Jobs.resolve("--sequence-length 512 --examples 1000 --epochs 3 --stage " + stage);

    assertThat(TrainingData.of(resolution).orElseThrow().tokens())
        .isEqualTo(1000.0 * 3 * 512 * sequences);
  }

  @ParameterizedTest
  @CsvSource({
    "--stage sft --examples 9 --epochs 3, 1",
    "--stage dpo, 2",
    "--stage grpo --group-size 4 --framework trl, 1"
  })
  void steps_end_a_run_whatever_the_epochs(String flags, int sequences) {
    Resolution resolution =
        Jobs.resolve(flags + " --sequence-length 512 --micro-batch 4 --grad-accum 2 --steps 60");

    assertThat(TrainingData.of(resolution).orElseThrow().tokens())
        .isEqualTo(60.0 * 4 * 2 * 512 * sequences);
  }

  @ParameterizedTest
  @CsvSource({"packed, 512", "longest, 100"})
  void a_packed_step_is_full_whatever_an_example_has(String padding, int tokens) {
    Resolution resolution =
        Jobs.resolve(
            "--sequence-length 512 --micro-batch 1 --tokens-per-example 100 --steps 60 --padding "
                + padding);

    assertThat(TrainingData.of(resolution).orElseThrow().tokens()).isEqualTo(60.0 * tokens);
  }

  @Test
  void an_example_of_a_stage_that_generates_is_a_prompt_with_a_sequence_for_each_completion() {
    Resolution resolution =
        Jobs.resolve(
            "--sequence-length 512 --examples 1000 --stage grpo --group-size 4 --micro-batch 4"
                + " --framework trl");

    assertThat(TrainingData.of(resolution).orElseThrow().tokens()).isEqualTo(1000.0 * 4 * 512);
  }

  @Test
  void a_larger_teacher_takes_as_much_longer() {
    ResolvedJob job = Jobs.resolve("--stage dpo --method full --sequence-length 8").job();
    Episode.Step step = RunPlan.of(job).step();
    Passes alike = Passes.of(step, job, 2);
    Passes larger = Passes.of(step, List.of(), job, 2, model -> model.trains() ? 1 : 2.5);

    assertThat(larger.forwards()).isEqualTo(2.5 * alike.forwards());
    assertThat(larger.linear()).isEqualTo(alike.linear());
  }
}
