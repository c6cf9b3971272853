package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy and what it is compared with on Megatron-Core: Llama of two layers, 512 tokens. */
class ComparedModelsTest {

  private static final long PARAMETERS =
      2 * (1024L * (1024 + 512 + 1024) + 3 * 1024 * 2816 + 2 * 1024) + 2 * 8192 * 1024 + 1024;

  private static RankEstimate rank(String flags, int index) {
    return Estimates.whole(
            Stages.llama(2), "--framework megatron-swift --sequence-length 512 " + flags)
        .ranks()
        .get(index);
  }

  private static RankEstimate rank(String flags) {
    return rank(flags, 0);
  }

  /** 16-bit weights and fp32 masters of the policy, and 16-bit weights of the reference. */
  @ParameterizedTest
  @CsvSource({"sft, 6", "dpo, 8", "kto, 8", "dpo --reference precomputed, 6"})
  void a_full_fine_tune_holds_its_reference_in_16_bits(String stage, int bytes) {
    long weights = rank("--method full --stage " + stage).breakdown().get(Category.WEIGHTS);

    assertThat(weights).isBetween(bytes * PARAMETERS, bytes * PARAMETERS + 50_000);
  }

  @Test
  void adapters_that_are_switched_off_are_their_own_reference() {
    long alone = rank("--method lora --stage sft").breakdown().get(Category.WEIGHTS);

    assertThat(rank("--method lora --stage dpo").breakdown())
        .containsEntry(Category.WEIGHTS, alone);
  }

  /** A pair is two sequences, of which Megatron's loss is made as of two others. */
  @ParameterizedTest
  @CsvSource({"FORWARD_LAYERS", "BACKWARD_HEAD", "BACKWARD_LAYERS"})
  void a_pair_trains_as_two_sequences_do(Phase phase) {
    long pair = rank("--method lora --stage dpo").phasePeaks().get(phase);
    long two = rank("--method lora --stage sft --micro-batch 2").phasePeaks().get(phase);

    assertThat(pair).isEqualTo(two);
  }

  /** What a stage receives is of the reference too: 2 x 512 tokens of 1024 features in 16 bits. */
  @Test
  void a_later_stage_holds_what_it_received_of_the_reference() {
    String flags = "--method lora --count 2 --pipeline 2 --grad-accum 4 ";
    long pair = rank(flags + "--stage dpo", 1).phasePeaks().get(Phase.BACKWARD_LAYERS);
    long two =
        rank(flags + "--stage sft --micro-batch 2", 1).phasePeaks().get(Phase.BACKWARD_LAYERS);

    assertThat(pair - two).isEqualTo(2 * 512 * 1024 * 2);
  }

  /**
   * Of 512 tokens and 8192 words, fp32: logits, log-probabilities, and when the gradient of those
   * is made, what is gathered and the gradient. Ranks that share the words have exponentials, and
   * two pieces more while these are made.
   */
  @ParameterizedTest
  @CsvSource({"1, 3", "2, 4"})
  void completions_are_scored_by_fp32_logits(int tensor, int pieces) {
    long words = 512L * 8192 / tensor * 4;
    RankEstimate rank =
        rank(
            "--method lora --stage grpo --beta 0 --engine vllm-server --count "
                + tensor
                + " --tensor "
                + tensor);

    assertThat(rank.breakdown().get(Category.LOGITS_AND_LOSS))
        .isBetween(pieces * words, pieces * words + 100_000);
  }

  /** A tower of 2^20 numbers: 16 bits where it is frozen, and masters too where it is trained. */
  @ParameterizedTest
  @CsvSource({"megatron-swift, 2", "megatron, 6"})
  void a_tower_is_whole_on_the_first_stage(String framework, int bytes) {
    Tower tower =
        new Tower(
            "visual",
            List.of(new Linear("visual.proj", 1024, 1024, false)),
            List.of(),
            Optional.empty());
    Architecture plain = Stages.llama(2);
    Architecture seeing = plain.toBuilder().towers(List.of(tower)).build();
    String flags = "--sequence-length 512 --count 2 --tensor 2 --framework " + framework;

    long with = Estimates.of(seeing, flags).breakdown().get(Category.WEIGHTS);
    long without = Estimates.of(plain, flags).breakdown().get(Category.WEIGHTS);
    assertThat(with - without).isEqualTo(bytes << 20);
  }
}
