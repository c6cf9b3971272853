package dev.vramcast.core.job.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.time.work.TrainingData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionGroupTest {

  private static final String JOB =
      "--method lora --sequence-length 1024 --examples 100 --micro-batch 1 --grad-accum 16 ";

  @ParameterizedTest
  @CsvSource({
    "--framework trl --stage grpo, 800",
    "--framework trl --stage rloo, 200",
    "--framework axolotl --stage grpo, 800",
    "--framework ms-swift --stage grpo, 800",
    "--framework unsloth --stage grpo, 800",
    "--stage grpo --group-size 4, 400",
    "--stage grpo --group-size 4 --iterations 3, 1200",
    "--stage dpo, 200"
  })
  void a_prompt_has_as_many_completions_as_its_trainer_generates(String flags, double sequences) {
    assertThat(examples(flags)).isEqualTo(sequences);
  }

  /** TRL refuses such a batch, so that nobody knows what the job would run with. */
  @ParameterizedTest
  @CsvSource({"--stage grpo --grad-accum 3, 100", "--stage rloo --grad-accum 3, 100"})
  void a_usual_group_that_does_not_divide_the_batch_is_none(String flags, double sequences) {
    assertThat(examples(flags)).isEqualTo(sequences);
    assertThat(JobResolver.resolve(Jobs.of(JOB + flags)).value(JobKey.GROUP_SIZE)).isEmpty();
  }

  private static double examples(String flags) {
    return TrainingData.of(JobResolver.resolve(Jobs.of(JOB + flags)))
        .orElseThrow()
        .examples()
        .orElseThrow();
  }
}
