package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.Estimates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryChecksTest {

  private static final String REWARD =
      "--stage reward --sequence-length 128 --transformers 5.24.0 ";

  private static final Map<String, Object> EXPERTS =
      Map.of(
          "n_routed_experts", 8,
          "num_experts_per_tok", 2,
          "n_shared_experts", 1,
          "moe_intermediate_size", 256,
          "first_k_dense_replace", 1,
          "num_key_value_heads", 8);

  private static ModelConfig config(String type) {
    return new ModelConfig("config.json", Estimates.config(type, Map.of()));
  }

  private static Architecture scoring(String type) {
    return Families.classifying(config(type), 1);
  }

  @Test
  void a_model_without_a_class_that_scores_sequences_is_refused() {
    assertThatThrownBy(() -> Estimates.of(scoring("cohere"), REWARD + "--framework trl"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "objective.stage is reward, but Transformers 5.24.0 has no class of cohere for classes"
                + " or scores of sequences, allowed: another model");
  }

  @Test
  void a_model_that_scores_completions_needs_such_a_class_too() {
    assertThatThrownBy(() -> JobChecks.check(Estimates.llama(false), rewardedBy("cohere")))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "objective.reward_models has 'cohere', but Transformers 5.24.0 has no class of cohere"
                + " for classes or scores of sequences, allowed: another model");
    assertThatCode(() -> JobChecks.check(Estimates.llama(false), rewardedBy("llama")))
        .doesNotThrowAnyException();
  }

  private static ResolvedJob rewardedBy(String type) {
    JobDocument document =
        JobDocument.empty()
            .withFlag(JobKey.SEQUENCE_LENGTH, "512")
            .with(
                JobKey.REWARD_MODELS, List.of(Estimates.config(type, Map.of())), Place.of("test"));
    return JobResolver.resolve(
            Jobs.with(document, "--stage grpo --transformers 5.24.0 --framework trl"))
        .job();
  }

  @Test
  void a_release_before_that_class_is_refused() {
    String labels = "--stage classification --transformers ";
    assertThatThrownBy(() -> Estimates.of(scoring("olmo2"), labels + "5.1.0"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "objective.stage is classification, but Transformers 5.1.0 has no class of olmo2 for"
                + " classes or scores of sequences, allowed: another model, or Transformers 5.6 and"
                + " later");
    assertThat(Estimates.of(scoring("olmo2"), labels + "5.7.0").allocatedBytes()).isPositive();
  }

  @Test
  void classes_of_tokens_are_looked_for_apart() {
    String flags = "--stage token-classification --method full --transformers 5.24.0";
    Architecture opt =
        Families.labelling(
            new ModelConfig(
                "config.json",
                Estimates.config("opt", Map.of("ffn_dim", 2048, "word_embed_proj_dim", 1024))),
            2);

    assertThatThrownBy(() -> Estimates.of(opt, flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no class of opt for classes of tokens, allowed");
    Architecture apertus = Families.labelling(config("apertus"), 2);
    assertThat(Estimates.of(apertus, flags).allocatedBytes()).isPositive();
  }

  @Test
  void a_framework_that_makes_heads_itself_needs_no_class() {
    assertThatCode(() -> Estimates.of(scoring("cohere"), REWARD + "--framework ms-swift"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oft", "ia3 --feedforward-modules none", "vera", "loha", "miss"})
  void adapters_other_than_lora_stay_on_linears_beside_experts(String method) {
    String flags = "--targets all-linear --transformers 5.24.0 --peft 0.21.2 --method " + method;
    assertThat(Estimates.of(Estimates.model("dots1", EXPERTS), flags).allocatedBytes())
        .isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"loha", "lokr", "vera", "miss", "oft"})
  void a_router_that_is_no_linear_is_refused_beside_tuners_of_linears_alone(String method) {
    String flags = "--transformers 5.24.0 --peft 0.21.2 --targets q_proj,gate --method " + method;
    assertThatThrownBy(() -> Estimates.of(Estimates.model("dots1", EXPERTS), flags))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "lora.targets has 'gate', which PEFT cannot adapt, as it is no linear, in this dots1"
                + " model, allowed: the names of other linears");
  }

  @ParameterizedTest
  @CsvSource({"vera", "miss"})
  void a_name_that_lora_moves_to_experts_is_another_adapters_own(String method) {
    String flags = "--transformers 5.24.0 --peft 0.21.2 --method " + method + " --targets ";
    Architecture model = Estimates.model("dots1", EXPERTS);
    long all = Estimates.of(model, flags + "q_proj,down_proj").allocatedBytes();

    assertThat(all).isGreaterThan(Estimates.of(model, flags + "q_proj").allocatedBytes());
  }

  @Test
  void liger_s_loss_over_words_fails_in_a_model_that_scores() {
    assertThatThrownBy(() -> Estimates.job(REWARD + "--framework trl --loss liger"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("loss is liger, but objective.stage is reward, allowed: full");
  }

  @Test
  void a_linear_whose_name_ends_as_the_classifier_s_is_no_target() {
    Map<String, Object> values =
        Map.of(
            "model_type", "distilbert",
            "vocab_size", 8192,
            "dim", 256,
            "hidden_dim", 1024,
            "n_layers", 2,
            "n_heads", 4);
    Architecture model = Families.classifying(new ModelConfig("config.json", values), 2);
    String classes = "--stage classification --sequence-length 128 --method lora --targets ";

    assertThatThrownBy(() -> Estimates.of(model, classes + "all-linear"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "lora.targets has 'pre_classifier', whose name ends as that of the classifier");
    assertThatCode(() -> Estimates.of(model, classes + "q_lin,v_lin")).doesNotThrowAnyException();
  }

  @Test
  void experts_of_one_parameter_alone_are_no_targets_of_other_adapters_than_lora() {
    Architecture model =
        Estimates.model(
            "qwen3_moe",
            Map.of("num_experts", 8, "num_experts_per_tok", 2, "moe_intermediate_size", 256));
    String experts = " --transformers 5.24.0 --peft 0.21.2 --targets gate_proj,up_proj --method ";

    assertThatThrownBy(() -> Estimates.of(model, experts + "loha"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("lora.targets has 'gate_proj', which here is a part of one");
    assertThatCode(() -> Estimates.of(model, experts + "lora")).doesNotThrowAnyException();
  }
}
