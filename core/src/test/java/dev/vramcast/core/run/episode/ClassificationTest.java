package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClassificationTest {

  private static final Map<String, Object> LLAMA =
      Map.of(
          "model_type", "llama",
          "hidden_size", 64,
          "num_hidden_layers", 2,
          "num_attention_heads", 4,
          "intermediate_size", 128,
          "vocab_size", 1000);

  private static final String JOB = "--sequence-length 32 --micro-batch 4 --stage classification ";

  @Test
  void a_decoder_gets_one_linear_without_bias_in_place_of_its_head() {
    Architecture model = model(LLAMA, "--labels 5");
    assertThat(model.head().linears()).containsExactly(new Linear("score", 64, 5, false));
    assertThat(Tensors.count(Families.read(config(LLAMA))) - Tensors.count(model))
        .isEqualTo(64 * 1000 - 64 * 5);
  }

  @Test
  void an_encoder_gets_the_classifier_of_its_own_code() {
    Map<String, Object> bert = new LinkedHashMap<>(LLAMA);
    bert.put("model_type", "bert");
    assertThat(model(bert, "").head().linears())
        .extracting(Linear::name)
        .containsExactly("bert.pooler.dense", "classifier");
  }

  @Test
  void no_logits_over_the_vocabulary_are_made() {
    ResolvedJob job = Jobs.resolve(JOB + "--method full").job();
    ResolvedJob words = Jobs.resolve("--sequence-length 32 --micro-batch 4 --method full").job();
    long classifying = peak(model(LLAMA, ""), job);
    assertThat(classifying).isLessThan(peak(Families.read(config(LLAMA)), words) - 32 * 4 * 1000);
  }

  @Test
  void a_loop_that_names_its_outputs_holds_scores_of_the_step_before_and_no_words() {
    Map<String, Object> wide = new LinkedHashMap<>(LLAMA);
    wide.put("vocab_size", 65_536);
    String flags =
        "--sequence-length 32 --micro-batch 16 --stage classification --method lora"
            + " --framework pytorch";

    assertThat(peak(model(wide, ""), Jobs.resolve(flags).job())).isLessThan(16 * 32 * 65_536L * 2);
  }

  @Test
  void adapters_train_the_classifier_in_full_beside_them() {
    ResolvedJob job = Jobs.resolve(JOB + "--method lora").job();
    assertThat(job.adapter().orElseThrow().modulesToSave()).containsExactly("classifier", "score");
    assertThat(peak(model(LLAMA, ""), job)).isPositive();
  }

  @Test
  void a_fused_loss_is_refused_with_both_keys() {
    assertThatThrownBy(() -> Jobs.resolve(JOB + "--loss liger"))
        .isInstanceOf(InputException.class)
        .hasMessage("--loss: loss is liger, but objective.stage is classification, allowed: full");
  }

  @Test
  void a_model_whose_head_stays_one_of_words_is_not_modelled() {
    ResolvedJob job = Jobs.resolve(JOB).job();
    assertThatThrownBy(() -> peak(Families.read(config(LLAMA)), job))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage("objective.stage classification of a llama is not modelled yet");
  }

  /**
   * FSDP2 adds up whole gradients in every micro-batch but the last, which finds none of layers
   * that it has reduced when the table of tokens, larger than all layers, adds up its own.
   */
  @Test
  void micro_batches_before_the_last_are_higher_where_the_table_is_the_largest_parameter() {
    Map<String, Object> deep = new LinkedHashMap<>(LLAMA);
    deep.put("num_hidden_layers", 6);
    deep.put("vocab_size", 20_000);
    String flags =
        "--method full --precision fp32 --model-dtype fp32 --strategy fsdp2 --count 4"
            + " --checkpointing full --framework transformers --accelerate 1.15 --grad-accum ";
    Architecture model = model(deep, "");
    long two = layersPeak(model, Jobs.resolve(JOB + flags + 2).job());
    long three = layersPeak(model, Jobs.resolve(JOB + flags + 3).job());
    long layers = 5L * (4 * 64 * 64 + 3 * 64 * 128) * Float.BYTES;
    assertThat(three - two).isBetween(layers / 2, layers);
  }

  private static Architecture model(Map<String, Object> values, String flags) {
    Architecture model =
        TrainedModel.read(config(values), Jobs.resolve(JOB + flags).job().objective());
    assertThat(model.head().kind()).isEqualTo(Head.Kind.SEQUENCE_CLASSIFICATION);
    return model;
  }

  private static ModelConfig config(Map<String, Object> values) {
    return new ModelConfig("config.json", values);
  }

  private static long layersPeak(Architecture model, ResolvedJob job) {
    List<RankEstimate> ranks = MemoryEstimator.ranks(model, job, Optional.empty());
    return ranks.get(0).phasePeaks().get(Phase.BACKWARD_LAYERS);
  }

  private static long peak(Architecture model, ResolvedJob job) {
    List<RankEstimate> ranks = MemoryEstimator.ranks(model, job, Optional.empty());
    return ranks.get(0).allocatedBytes();
  }
}
