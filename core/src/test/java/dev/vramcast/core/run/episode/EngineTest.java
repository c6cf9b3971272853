package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.step.StoredWeights;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An engine that generates on the cards that train. */
class EngineTest {

  private static final String GRPO =
      "--framework trl --model-dtype bf16 --method lora --stage grpo --prompt-length 256"
          + " --completion-length 256 --sequence-length 512 --micro-batch 8 ";
  private static final String COLOCATED = GRPO + "--engine vllm-colocate --max-model-length 512 ";

  /** Matrices of the two layers, as GenerationTimeTest counts them. */
  private static final long LAYERS = 22_544_384;

  private final Architecture llama = Estimates.llama(true);
  private final Gpu card =
      Cards.card("a card", "9.0", new MemorySize(80 << 10, false, 80), "NVLink");

  @Test
  void keys_and_values_are_two_heads_sizes_a_layer_and_token() {
    assertThat(KeyValueSize.elements(llama, 10)).isEqualTo(2 * 2 * 2 * 128 * 10);
  }

  @Test
  void a_rank_of_an_engine_has_its_part_of_the_heads_and_at_least_one() {
    long whole = KeyValueSize.elements(llama, 10);

    assertThat(KeyValueSize.onRank(llama, 10, 2)).isEqualTo(whole / 2);
    assertThat(KeyValueSize.onRank(llama, 10, 8)).isEqualTo(whole / 2);
  }

  @Test
  void latent_keys_and_values_are_whole_on_each_rank() {
    Architecture latent = Estimates.model("deepseek_v3", Map.of());

    assertThat(KeyValueSize.onRank(latent, 10, 8)).isEqualTo(KeyValueSize.elements(latent, 10));
  }

  @Test
  void without_an_engine_the_keys_and_values_of_all_completions_are_there_at_once() {
    List<EpisodePeak> few = episodes(GRPO);
    List<EpisodePeak> many = episodes(GRPO + "--steps-per-generation 64 ");
    long kept = 2L * KeyValueSize.elements(llama, 512) * 8 * 63;

    assertThat(few.get(1).episode().label()).isEqualTo("generation");
    assertThat(many.get(1).bytes() - few.get(1).bytes()).isGreaterThan(kept);
  }

  @Test
  void an_engine_that_does_not_sleep_is_there_in_every_episode() {
    long share = Math.round(0.3 * card.allocatableBytes());
    List<EpisodePeak> given = episodes(GRPO + "--engine vllm-server ");
    List<EpisodePeak> awake = episodes(COLOCATED);

    assertThat(last(awake) - last(given)).isEqualTo(rounded(share));
    assertThat(awake.get(1).bytes()).isGreaterThan(share);
  }

  @Test
  void an_engine_that_sleeps_is_there_while_it_generates() {
    long share = Math.round(0.3 * card.allocatableBytes());
    List<EpisodePeak> given = episodes(GRPO + "--engine vllm-server ");
    List<EpisodePeak> asleep = episodes(COLOCATED + "--engine-sleep 2 ");

    assertThat(last(asleep)).isEqualTo(last(given));
    assertThat(asleep.get(1).bytes()).isGreaterThan(share);
  }

  @Test
  void sglang_takes_a_share_of_what_is_free_when_it_starts() {
    String verl =
        GRPO.replace("--framework trl", "--framework verl")
            + "--max-model-length 512 --engine-tensor 1 --engine ";
    long policy = 2 * Tensors.count(llama);
    long generating = episodes(verl + "vllm-colocate").get(1).bytes();
    long sharing = episodes(verl + "sglang-colocate").get(1).bytes();

    assertThat(generating - sharing).isGreaterThan(policy / 2).isLessThan(policy / 2 + (1 << 30));
  }

  @Test
  void an_engine_whose_pool_holds_no_sequence_does_not_start() {
    double little = (2.0 * Tensors.count(llama) + (1 << 20)) / card.allocatableBytes();

    assertThatThrownBy(
            () ->
                episodes(
                    GRPO
                        + "--engine vllm-colocate"
                        + " --max-model-length 100000 --engine-memory-fraction "
                        + little))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("does not start", "100000", "fraction of at least")
        .matches(e -> ((InputException) e).isForLackOfMemory());
  }

  @Test
  void no_fraction_above_the_whole_card_is_advised() {
    assertThatThrownBy(() -> episodes(GRPO + "--engine vllm-colocate --max-model-length 100000000"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not start, allowed: ")
        .hasMessageContaining("max_model_length of at most")
        .hasMessageNotContaining("fraction of at least");
  }

  @Test
  void an_engine_that_asks_for_more_than_is_free_does_not_start() {
    assertThatThrownBy(() -> episodes(COLOCATED + "--engine-memory-fraction 0.999"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("does not start", "fraction of at most")
        .matches(e -> ((InputException) e).isForLackOfMemory());
  }

  @Test
  void an_engine_over_more_cards_than_there_are_is_refused_where_nobody_counts_them() {
    assertThatThrownBy(() -> episodes(COLOCATED + "--engine-tensor 4"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("generation.tensor is 4", "hardware.count is 1", "multiple of 4")
        .matches(e -> !((InputException) e).isForLackOfMemory());
  }

  @Test
  void a_default_that_does_not_divide_the_cards_is_said_to_be_one() {
    String verl = "--framework verl --stage grpo --method full --strategy fsdp1 ";

    assertThatThrownBy(() -> episodes(verl))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "generation.tensor is 2, stated or by the framework's default, but hardware.count is 1"
                + " where nobody says it, allowed: 1, or hardware.count a multiple of 2");
    assertThatThrownBy(() -> episodes(verl + "--count 3"))
        .hasMessageEndingWith(
            "generation.tensor is 2 by default of verl, but hardware.count is 3, allowed: a number"
                + " that divides it, or hardware.count a multiple of 2");
  }

  @Test
  void a_share_of_a_card_needs_a_card() {
    assertThatThrownBy(() -> Estimates.whole(llama, COLOCATED))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("hardware.gpu is required");
  }

  @Test
  void the_answer_says_how_many_sequences_the_pool_holds() {
    MemoryEstimate estimate =
        MemoryEstimator.estimate(llama, Estimates.job(COLOCATED), Optional.of(card));

    assertThat(Remark.sentences(estimate.assumptions()))
        .anyMatch(line -> line.contains("sequences at once"));
  }

  @Test
  void an_engine_that_lends_its_weights_takes_its_share_without_them() {
    String unsloth = GRPO.replace("trl", "unsloth") + "--beta 0 ";
    List<EpisodePeak> given = episodes(unsloth + "--engine vllm-server ");
    long free = card.allocatableBytes() - (500L << 20);
    long lent = 2 * Tensors.count(llama);

    List<EpisodePeak> awake = episodes(unsloth + "--engine shared --engine-memory-fraction 0.4 ");
    List<EpisodePeak> asleep = episodes(unsloth + "--engine shared --engine-sleep 1 ");

    assertThat(last(awake) - last(given)).isEqualTo(rounded(Math.round(0.4 * free) - lent));
    assertThat(last(asleep)).isEqualTo(last(given));
    assertThat(asleep.get(1).bytes()).isGreaterThan(Math.round(0.95 * 0.925 * free) - lent);
  }

  @Test
  void logits_that_are_kept_are_there_until_their_gradient_is() {
    String unsloth = GRPO.replace("trl", "unsloth") + "--engine none ";
    long logits = 2L * 8 * 256 * llama.vocabularySize();
    long kept = headBackward(unsloth + "--framework-version 2026.9 ");
    long beside = headBackward(unsloth);

    assertThat(kept - beside).isGreaterThan(logits / 2).isLessThan(2 * logits);
  }

  @Test
  void liger_before_08_makes_a_gradient_of_a_frozen_head() {
    String liger = GRPO + "--engine none --loss liger --framework-version 1.9.2 ";
    long head = 2L * llama.vocabularySize() * llama.hiddenSize();

    assertThat(
            headBackward(liger + "--liger 0.7.0 --grad-accum 2 ")
                - headBackward(liger + "--liger 0.8.5 --grad-accum 2 "))
        .isGreaterThan(head)
        .isLessThanOrEqualTo(2 * head);
  }

  private long headBackward(String flags) {
    return MemoryEstimator.estimate(llama, Estimates.job(flags), Optional.of(card))
        .worst()
        .phasePeaks()
        .get(Phase.BACKWARD_HEAD);
  }

  private List<EpisodePeak> episodes(String flags) {
    return MemoryEstimator.estimate(llama, Estimates.job(flags), Optional.of(card))
        .worst()
        .episodes();
  }

  private static long last(List<EpisodePeak> episodes) {
    return episodes.get(episodes.size() - 1).bytes();
  }

  /** To the size of the allocator's blocks. */
  private static long rounded(long bytes) {
    return (bytes + 511) / 512 * 512;
  }

  @Test
  void an_engine_of_trl_beside_a_policy_in_four_bits_stores_its_layers_so_too() {
    String quantised =
        "--framework trl --framework-version %s --model-dtype bf16 --method qlora --stage grpo"
            + " --prompt-length 256 --completion-length 256 --sequence-length 512 --micro-batch 8"
            + " --engine vllm-colocate --max-model-length 512 --quantization %s";
    long others = 2 * (Tensors.count(llama) - LAYERS);

    assertThat(StoredWeights.inEngine(llama)).isEqualTo(LAYERS * 9 / 16 + others);
    assertThat(episodes(quantised.formatted("1.16", "nf4"))).isNotEmpty();
    assertThatThrownBy(() -> episodes(quantised.replace("qlora", "lora").formatted("1.16", "int8")))
        .hasMessageContaining("of a quantised model");
    assertThatThrownBy(() -> episodes(quantised.formatted("0.24", "nf4")))
        .hasMessageContaining("of a quantised model");
  }
}
