package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stages that are not supervised hold and run, against sizes computed by hand. */
class PreferenceMemoryTest {

  private static final long MIB = 1L << 20;
  private static final String TRL =
      "--framework trl --model-dtype bf16 --micro-batch 2 --grad-accum 1 ";

  private final Architecture llama = Estimates.llama(true);

  @Test
  void a_copy_as_reference_adds_the_weights_once_and_nothing_else_at_the_peak() {
    long none = allocated("--stage dpo --method full --reference precomputed");
    long copy = allocated("--stage dpo --method full");
    long weights = 2 * Tensors.count(llama);

    assertThat(copy - none).isBetween(weights, weights + weights / 1000);
  }

  @Test
  void a_copy_has_the_dtype_that_the_objective_gives_it() {
    long same = of("--stage dpo --method full").phasePeaks().get(Phase.LOAD);
    long wide = of("--stage dpo --method full --reference-dtype fp32").phasePeaks().get(Phase.LOAD);

    assertThat(wide - same).isBetween(2 * Tensors.count(llama), 2 * Tensors.count(llama) + MIB);
  }

  @ParameterizedTest
  @CsvSource({"dpo, 0.15.2, 0.16.1", "kto, 1.2.0, 1.3.0"})
  void fsdp_divides_the_reference_once_the_trainer_prepares_it_so(
      String stage, String before, String since) {
    String two = "--method full --strategy fsdp2 --count 2 --precision bf16 --stage ";
    String trainer = two + stage + " --framework-version ";
    long whole = of(trainer + before).phasePeaks().get(Phase.LOAD);
    long divided = of(trainer + since).phasePeaks().get(Phase.LOAD);

    assertThat(whole - divided).isBetween(Tensors.count(llama), Tensors.count(llama) + MIB);
  }

  @Test
  void every_micro_batch_has_the_gradient_of_a_tied_head_beside_that_of_the_table() {
    String two = "--stage orpo --method full --strategy fsdp2 --count 2 --grad-accum ";

    assertThat(layers(two + "3") - layers(two + "2")).isBetween(0L, MIB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dpo", "kto", "orpo", "cpo", "reward"})
  void preference_trainers_switch_dropout_off(String stage) {
    String flags = "--method lora --stage " + stage + " --dropout ";

    assertThat(layers(flags + "0.1")).isEqualTo(layers(flags + "0"));
  }

  @ParameterizedTest
  @CsvSource({"opt, dropout, true", "seed_oss, residual_dropout, true", "gpt2, resid_pdrop, false"})
  void dropout_that_is_a_call_is_not_switched_off(String type, String key, boolean stays) {
    long with = backward(type, Map.of(key, 0.1));
    long without = backward(type, Map.of(key, 0.0));

    assertThat(with > without).isEqualTo(stays);
  }

  private static long backward(String type, Map<String, Object> rate) {
    Map<String, Object> values = new HashMap<>(rate);
    values.putAll(
        Map.of(
            "model_type", type,
            "hidden_size", 512,
            "num_hidden_layers", 4,
            "num_attention_heads", 8,
            "vocab_size", 4096,
            "max_position_embeddings", 2048,
            "n_embd", 512,
            "n_layer", 4,
            "n_head", 8));
    values.putAll(Map.of("ffn_dim", 2048, "intermediate_size", 2048, "num_key_value_heads", 8));
    String flags = "--method lora --targets all-linear --checkpointing none --stage reward";
    return of(values, flags).phasePeaks().get(Phase.BACKWARD_LAYERS);
  }

  @Test
  void trainers_of_generated_completions_keep_it() {
    String flags = "--method lora --stage grpo --engine none --dropout ";

    assertThat(layers(flags + "0.1")).isGreaterThan(layers(flags + "0"));
  }

  @Test
  void whole_logits_of_policy_and_reference_are_there_together_before_tiles() {
    String flags = "--stage dpo --method lora --framework-version 1.12.0";
    long logits = 4L * 4 * 512 * 8192;

    // Both fp32, and a copy of the policy's for the entropy.
    assertThat(of(flags).breakdown().get(Category.LOGITS_AND_LOSS))
        .isBetween(3 * logits - logits / 500, 3 * logits + logits / 4);
  }

  /** As many more of both as there are more words: logits and quotients, then two gradients. */
  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"FORWARD_HEAD", "BACKWARD_HEAD"})
  void open_instruct_divides_logits_beside_them(Phase phase) {
    String flags =
        "--framework open-instruct --stage grpo --method lora --micro-batch 1 --precision bf16"
            + " --engine none --reference none --sequence-length 4096";
    Map<String, Object> more =
        Estimates.config("llama", Map.of("tie_word_embeddings", true, "vocab_size", 16_384));
    long logits = 2L * 4096 * 8192;
    long words = 2L * 1024 * 8192;

    assertThat(of(more, flags).phasePeaks().get(phase) - of(flags).phasePeaks().get(phase))
        .isBetween(2 * logits + words - MIB, 2 * logits + words + MIB);
  }

  /** Two bytes more of a gradient, and two of a weight for both GPUs once more. */
  @Test
  void open_instruct_adds_up_gradients_in_fp32_and_has_second_shards() {
    String flags =
        " --method full --micro-batch 1 --count 2 --strategy zero3 --stage grpo --engine none"
            + " --reference none --sequence-length 64 --grad-accum 4 --checkpointing full";
    long narrow = of("--framework openrlhf" + flags).phasePeaks().get(Phase.LOAD);
    long wide = of("--framework open-instruct" + flags).phasePeaks().get(Phase.LOAD);

    assertThat(wide - narrow).isCloseTo(2 * Tensors.count(llama), within(MIB));
  }

  @Test
  void open_instruct_scores_all_logits_of_pairs_in_fp32_without_a_slice() {
    RankEstimate dpo =
        of(
            "--framework open-instruct --stage dpo --method lora --reference precomputed"
                + " --checkpointing full --micro-batch 2");
    long logits = 4L * 4 * 512 * 8192;

    // What is saved, and the gradients of what is gathered and of all logits.
    assertThat(dpo.peakPhase()).isEqualTo(Phase.BACKWARD_HEAD);
    assertThat(dpo.breakdown().get(Category.LOGITS_AND_LOSS))
        .isBetween(3 * logits - logits / 100, 3 * logits + logits / 100);
  }

  /** In 16 bits and in fp32, of a pair of 512 tokens, while its reward model runs forward. */
  @Test
  void llama_factory_makes_logits_beside_the_values_of_its_reward_model_and_drops_them() {
    String flags =
        "--framework llama-factory --stage reward --method lora --checkpointing full"
            + " --sequence-length 4096";
    Map<String, Object> few = Estimates.config("llama", Map.of("tie_word_embeddings", true));
    Map<String, Object> more =
        Estimates.config("llama", Map.of("tie_word_embeddings", true, "vocab_size", 16_384));
    long logits = 6L * 4 * 4096 * 8192;
    long words = 2L * 1024 * 8192;

    assertThat(head(more, flags, Phase.FORWARD_HEAD) - head(few, flags, Phase.FORWARD_HEAD))
        .isCloseTo(logits + words, within(MIB));
    assertThat(head(more, flags, Phase.BACKWARD_LAYERS) - head(few, flags, Phase.BACKWARD_LAYERS))
        .isCloseTo(words, within(MIB));
  }

  private static long head(Map<String, Object> config, String flags, Phase phase) {
    return of(config, flags).phasePeaks().get(phase);
  }

  @Test
  void llama_factory_holds_five_times_all_logits_where_the_reference_is_compared() {
    long logits = 4L * 4 * 512 * 8192;
    RankEstimate dpo =
        of("--framework llama-factory --stage dpo --method lora --checkpointing full");

    assertThat(dpo.peakPhase()).isEqualTo(Phase.NO_GRAD_HEAD);
    assertThat(dpo.breakdown().get(Category.LOGITS_AND_LOSS))
        .isBetween(5 * logits - logits / 100, 5 * logits + logits / 100);
  }

  @Test
  void orpo_holds_two_gradients_of_all_logits_and_that_of_the_chosen_ones() {
    long logits = 4L * 4 * 512 * 8192;

    assertThat(of("--stage orpo --method lora").breakdown().get(Category.LOGITS_AND_LOSS))
        .isBetween(5 * logits / 2, 5 * logits / 2 + logits / 50);
    assertThat(
            of("--stage cpo --loss-type simpo --loss-alpha 0 --method lora")
                .breakdown()
                .get(Category.LOGITS_AND_LOSS))
        .isBetween(2 * logits - logits / 250, 2 * logits + logits / 50);
  }

  @Test
  void scores_of_completions_run_beside_the_optimizer_and_without_activations() {
    RankEstimate plain = of("--stage grpo --engine none --method lora --micro-batch 8");
    RankEstimate scored = of("--stage grpo --engine none --method lora --micro-batch 8 --beta 0.1");

    assertThat(scored.episodes()).hasSize(3);
    assertThat(scored.episodes().get(1).bytes()).isLessThan(scored.stepBytes());
    assertThat(scored.stepBytes() - plain.stepBytes()).isBetween(0L, MIB);
  }

  @Test
  void a_reward_model_has_no_head_over_the_vocabulary() {
    Map<String, Object> untied = Estimates.config("llama", Map.of("tie_word_embeddings", false));
    long dpo = loaded(untied, "--stage dpo --method lora");
    long reward = loaded(untied, "--stage reward --method lora");

    assertThat(dpo - reward).isBetween(2L * 8192 * 1024 - MIB, 2L * 8192 * 1024);
  }

  @Test
  void a_policy_whose_config_names_a_classifier_says_words_all_the_same() {
    Map<String, Object> named =
        Estimates.config(
            "llama",
            Map.of(
                "tie_word_embeddings",
                false,
                "architectures",
                List.of("LlamaForSequenceClassification")));
    Map<String, Object> plain = Estimates.config("llama", Map.of("tie_word_embeddings", false));

    assertThat(loaded(named, "--stage dpo --method lora"))
        .isEqualTo(loaded(plain, "--stage dpo --method lora"));
  }

  private static RankEstimate of(Map<String, Object> config, String flags) {
    Architecture model =
        TrainedModel.read(
            new ModelConfig("config.json", config), Estimates.job(TRL + flags).objective());
    return Estimates.of(model, TRL + flags);
  }

  private static long loaded(Map<String, Object> config, String flags) {
    return of(config, flags).phasePeaks().get(Phase.LOAD);
  }

  private static long layers(String flags) {
    return of(flags).phasePeaks().get(Phase.BACKWARD_LAYERS);
  }

  private static long allocated(String flags) {
    return of(flags).allocatedBytes();
  }

  private static RankEstimate of(String flags) {
    return of(Estimates.config("llama", Map.of("tie_word_embeddings", true)), flags);
  }
}
