package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.input.Remark;
import dev.vramcast.core.time.work.ModelProfile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Eight completions of 384 tokens behind prompts of 128, of which two groups are made at once. */
class GenerationTimeTest {

  private static final String GRPO =
      "--framework trl --stage grpo --method full --model-dtype bf16 --precision bf16 --beta 0"
          + " --group-size 4 --micro-batch 4 --grad-accum 2"
          + " --prompt-length 128 --completion-length 384 --completion-mean 384 ";
  private static final String VLLM = GRPO + "--engine vllm-colocate --max-model-length 512 ";
  private static final String SERVER = GRPO + "--engine vllm-server ";

  private static final double WEIGHTS = 22_544_384 + 8_388_608;
  private static final double PRODUCTS = 70e12;
  private static final double MEMORY = 0.75 * 1000e9;

  /** Of two layers, by the microseconds of their kernels, and of eight sequences. */
  private static final double STEP = 2 * 37.7e-6 + 1.5e-3 + 8 * 13e-6;

  /** Forward products of layers, and scores of 128 tokens, of so many prompts. */
  private static double prompts(int count) {
    return count * 128 * (2.0 * 22_544_384 + 2 * 128 * 1024) / PRODUCTS;
  }

  /** Two bytes of weights and of the keys and values of eight sequences, half grown. */
  private static double round(int sequences) {
    return 2 * (WEIGHTS + sequences * (128 + 192) * 2 * 2 * 2 * 128.0) / MEMORY;
  }

  private static double generated(String flags) {
    return Seconds.of(Times.estimate(flags).parts().generation());
  }

  @Test
  void a_step_that_generates_nothing_has_no_such_part() {
    assertThat(Times.estimate("--method full").parts().generation()).isEqualTo(Duration.ZERO);
    assertThat(generated(GRPO + "--engine none")).isZero();
  }

  @Test
  void transformers_launches_all_layers_for_every_token_of_the_longest_completion() {
    double launched = 2 * 3.3e-3 * 0.25;

    assertThat(round(8)).isLessThan(launched);
    assertThat(generated(GRPO)).isCloseTo(384 * launched + prompts(8), withinPercentage(0.01));
    assertThat(generated(GRPO.replace("-mean 384", "-mean 100")))
        .isCloseTo(generated(GRPO), withinPercentage(0.01));
  }

  @Test
  void an_engine_waits_for_memory_and_shares_a_prompt_among_a_group() {
    double parameters = ModelProfile.of(Times.llama()).weights().parameters();
    double sync = 2 * parameters / 41e9;

    assertThat(generated(VLLM))
        .isCloseTo(384 * (round(8) + STEP) + prompts(2) + sync, withinPercentage(0.01));
  }

  @Test
  void an_engine_whose_pool_holds_fewer_sequences_makes_the_others_later() {
    double few = generated(VLLM + "--engine-memory-fraction 0.00093");

    assertThat(few).isGreaterThan(3 * generated(VLLM));
  }

  @Test
  void shorter_completions_make_an_engine_faster_only_where_sequences_wait() {
    String few = SERVER + "--engine-gpus 1 --engine-memory-fraction 0.00093 ";

    assertThat(generated(few.replace("-mean 384", "-mean 192"))).isLessThan(0.6 * generated(few));
    assertThat(generated(VLLM.replace("-mean 384", "-mean 192")))
        .isCloseTo(generated(VLLM), withinPercentage(4));
  }

  @Test
  void transformers_repeats_keys_and_values_for_all_heads_of_a_group_where_it_does_not_pack_them() {
    String many = GRPO.replace("--micro-batch 4", "--attention sdpa --micro-batch 1024");
    double repeated = generated(many + "--transformers 5.22");
    double packed = generated(many + "--transformers 5.23");

    assertThat(repeated - packed)
        .isCloseTo(
            384 * 8 * 2048.0 * (128 + 192) * 2 * 2 * 2 * 2 * 128 / MEMORY, withinPercentage(1));
  }

  @Test
  void a_server_of_two_cards_has_half_of_the_sequences_on_each() {
    String one = SERVER + "--engine-gpus 1 --engine-memory-fraction 0.00093 ";
    String two = one.replace("gpus 1", "gpus 2");

    assertThat(generated(two)).isCloseTo(generated(one) / 2, withinPercentage(5));
  }

  @Test
  void an_engine_over_two_cards_waits_for_two_reductions_of_every_layer_and_token() {
    double one = generated(VLLM + "--count 2 --engine-tensor 1");
    double parameters = ModelProfile.of(Times.llama()).weights().parameters();
    double sync = 2 * parameters / 41e9;
    double reduced = 2 * 2 * (5e-6 + 16 * 1024 * 2 / (0.38 * 78e9));
    double keys = 2 * 16 * (128 + 192) * 2 * 2 * 2 * 128.0;
    double halved = (2 * WEIGHTS + keys) / 2 / MEMORY;

    assertThat(generated(VLLM + "--count 2 --engine-tensor 2"))
        .isCloseTo(
            384 * (halved + reduced + STEP + 8 * 13e-6) + prompts(4) / 2 + sync,
            withinPercentage(0.01));
    assertThat(one).isCloseTo(generated(VLLM), withinPercentage(0.5));
  }

  @Test
  void a_policy_with_values_of_its_own_completes_one_micro_batch_after_the_other() {
    String ppo =
        "--framework llama-factory --stage ppo --method lora --model-dtype bf16"
            + " --precision bf16-mixed --micro-batch 2 --prompt-length 128 --completion-length 384"
            + " --sequence-length 512 --grad-accum ";

    assertThat(Remark.sentences(Times.estimate(ppo + 4).assumptions()))
        .contains("Completions of 193 tokens on average are generated 2 at once in 1536 rounds.");
    assertThat(generated(ppo + 4)).isCloseTo(4 * generated(ppo + 1), withinPercentage(0.01));
    assertThat(generated(ppo + "4 --steps-per-generation 32"))
        .isCloseTo(generated(ppo + 4), withinPercentage(0.01));
  }

  @Test
  void training_waits_only_for_what_an_engine_that_is_ahead_takes_longer() {
    // Some sequences at once on one card: generating takes longer than training.
    String job = SERVER + "--engine-gpus 1 --engine-memory-fraction 0.00093 ";
    TimeEstimate inTurn = Times.estimate(job);
    double whole = Seconds.of(inTurn.parts().generation());
    double trained = Seconds.of(inTurn.step()) - whole;
    TimeEstimate ahead = Times.estimate(job + "--engine-ahead true");

    assertThat(whole).isGreaterThan(2 * trained);
    assertThat(Seconds.of(ahead.parts().generation()))
        .isCloseTo(whole - trained, withinPercentage(0.01));
    assertThat(Remark.sentences(ahead.assumptions()))
        .anyMatch(each -> each.endsWith("rounds, while the batch before is trained on."));
    assertThat(generated(job + "--engine-ahead false")).isEqualTo(whole);
  }

  @Test
  void training_waits_for_nothing_that_is_made_before_it_ends() {
    String job = SERVER + "--engine-gpus 1 --iterations 10000 ";
    double trained = Seconds.of(Times.estimate(job.replace("vllm-server", "none")).step());

    assertThat(generated(job)).isPositive().isLessThan(trained);
    assertThat(generated(job + "--engine-ahead true")).isZero();
  }

  @Test
  void frameworks_whose_loops_are_asynchronous_are_ahead_unless_a_job_says_otherwise() {
    for (String framework : List.of("open-instruct", "prime-rl --precision bf16-mixed")) {
      String job =
          SERVER.replace("--framework trl", "--framework " + framework)
              + "--engine-gpus 1 --engine-memory-fraction 0.00093 ";

      assertThat(generated(job))
          .isPositive()
          .isEqualTo(generated(job + "--engine-ahead true"))
          .isLessThan(generated(job + "--engine-ahead false"));
    }
  }

  @Test
  void several_updates_share_what_was_generated() {
    assertThat(generated(GRPO + "--iterations 2")).isCloseTo(generated(GRPO) / 2, within(1e-6));
  }

  @Test
  void generating_slows_training_and_has_a_range_that_says_what_it_rests_on() {
    TimeEstimate without = Times.estimate(GRPO + "--engine none");
    TimeEstimate with = Times.estimate(GRPO);

    assertThat(with.tokensPerSecond()).isLessThan(without.tokensPerSecond());
    assertThat(with.throughput().range().kind()).contains("completions").contains("judgement");
    assertThat(with.throughput().range().runs()).isZero();
    assertThat(Remark.sentences(with.assumptions()))
        .contains(
            "Completions of 384 tokens on average are generated 8 at once, 4 to a prompt, in 384"
                + " rounds.");
  }
}
