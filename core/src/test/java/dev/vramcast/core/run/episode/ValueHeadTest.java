package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.trace.Category;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LLaMA-Factory's PPO, whose policy has a second head for values. */
class ValueHeadTest {

  private static final String PPO =
      "--framework llama-factory --stage ppo --method lora --precision bf16-mixed --micro-batch 2"
          + " --grad-accum 4 --prompt-length 200 --completion-length 312 ";

  private final Architecture llama = Estimates.llama(false);

  @Test
  void a_micro_batch_at_a_time_is_completed_and_scored_by_three_passes() {
    List<Episode> episodes = RunPlan.of(Estimates.job(PPO)).episodes();

    assertThat(episodes)
        .extracting(Episode::label)
        .containsExactly("load", "generation", "scoring", "step");
    assertThat(episodes.get(1).passes().get(0).batch()).isEqualTo(new PassBatch(2, 200));
    assertThat(((Episode.Scoring) episodes.get(2)).rounds()).isEqualTo(4);
    assertThat(episodes.get(2).passes())
        .extracting(Pass::adapters)
        .containsExactly(true, true, false);
    assertThat(episodes.get(3).passes().get(0).batch()).isEqualTo(new PassBatch(2, 512));
  }

  @Test
  void four_times_the_words_of_all_tokens_are_there_at_once_in_fp32() {
    long logits = 4L * 2 * 512 * llama.vocabularySize();

    assertThat(Estimates.of(llama, PPO).breakdown().get(Category.LOGITS_AND_LOSS))
        .isBetween(4 * logits - logits / 20, 4 * logits + logits / 20);
  }

  @Test
  void a_server_that_scores_needs_no_pass_and_no_adapters_here() {
    String served = PPO + "--reward-models '' ";
    String supervised =
        "--framework llama-factory --method lora --precision bf16-mixed --micro-batch 2";

    assertThat(RunPlan.of(Estimates.job(served)).episodes().get(2).passes())
        .extracting(Pass::adapters)
        .containsExactly(true, false);
    assertThat(adapters(served)).isEqualTo(adapters(supervised));
  }

  @Test
  void the_adapters_that_score_are_as_many_as_those_that_train() {
    String supervised =
        "--framework llama-factory --method lora --precision bf16-mixed --micro-batch 2";

    assertThat(adapters(PPO)).isEqualTo(2 * adapters(supervised));
  }

  private long adapters(String flags) {
    return Estimates.of(llama, flags).breakdown().get(Category.ADAPTERS);
  }

  @Test
  void the_rank_of_adapters_that_score_is_an_assumption() {
    assertThat(Remark.sentences(Estimates.whole(llama, PPO).assumptions()))
        .contains("Adapters that score completions are of the policy's rank.");
    assertThat(
            Remark.sentences(
                Estimates.whole(llama, PPO.replace("ppo", "sft").replaceAll("--prompt.*", ""))
                    .assumptions()))
        .noneMatch(sentence -> sentence.contains("score completions"));
  }

  @Test
  void training_in_full_has_no_adapters_that_score_so_another_model_is_to_be_named() {
    String full = PPO.replace("lora", "full");
    JobDocument served =
        JobDocument.empty().with(JobKey.REWARD_MODELS, List.of(), Place.of("test"));

    assertThat(Estimates.job(full).notModelled())
        .singleElement()
        .asString()
        .contains("method full in objective.stage ppo (which reward model scores");
    assertThat(JobResolver.resolve(Jobs.with(served, full)).job().notModelled()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 3072, 1024",
    "--prompt-length 4000, 5024, 1024",
    "--completion-length 256, 2304, 256",
    "--sequence-length 4096, 4096, 1024",
    "--sequence-length 512, 512, 511",
    "--sequence-length 2048 --prompt-length 1000, 2048, 1048",
  })
  void completions_come_on_top_of_prompts_where_lengths_are_not_said(
      String flags, int length, int completion) {
    String ppo = "--framework llama-factory --stage ppo --method lora " + flags;
    ResolvedJob job = JobResolver.resolve(Jobs.with(JobDocument.empty(), ppo)).job();

    assertThat(job.batch().sequenceLength()).isEqualTo(length);
    assertThat(job.objective().completed().orElseThrow().answer(length)).isEqualTo(completion);
  }

  @Test
  void what_is_generated_is_trained_on_four_times_unless_it_is_said() {
    assertThat(iterations("")).isEqualTo(4);
    assertThat(iterations("--iterations 2")).isEqualTo(2);
  }

  private static int iterations(String flags) {
    return Estimates.job(PPO + flags)
        .objective()
        .generated()
        .orElseThrow()
        .iterations()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"--precision bf16", "--precision fp32", "--engine vllm-colocate"})
  void what_its_trainer_does_not_do_so_is_not_modelled(String flags) {
    String other =
        flags.startsWith("--precision") ? PPO.replace("--precision bf16-mixed", "") : PPO;
    ResolvedJob job = Estimates.job(other + flags);

    assertThat(job.notModelled()).isNotEmpty();
  }
}
