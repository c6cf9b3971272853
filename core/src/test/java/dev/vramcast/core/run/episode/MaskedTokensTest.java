package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoders that predict hidden tokens. */
class MaskedTokensTest {

  private static final String MASKED =
      "--stage masked-lm --method full --micro-batch 4 --padding packed --transformers 5.24.0 ";
  private static final long WORDS = 8192;
  private static final long TOKENS = 4 * 512;

  @Test
  void a_step_is_one_pass_over_all_tokens() {
    RankEstimate rank = of("bert", Map.of(), MASKED + "--precision fp32 --model-dtype fp32");
    long before = rank.phasePeaks().get(Phase.FORWARD_LAYERS);

    assertThat(rank.episodes())
        .extracting(e -> e.episode().label())
        .containsExactly("load", "step");
    // Logits and their log-softmax, which cross-entropy takes as they are.
    assertThat(rank.phasePeaks().get(Phase.FORWARD_HEAD) - before)
        .isBetween(2 * TOKENS * WORDS * 4, 2 * TOKENS * WORDS * 4 + (40L << 20));
  }

  @Test
  void modernbert_widens_its_logits_and_bert_leaves_that_to_autocast() {
    String pure = MASKED + "--precision bf16 --checkpointing full";
    long bert = head(of("bert", Map.of(), pure));
    long modern = head(of("modernbert", Map.of(), pure));

    // bf16 logits and log-softmax against an fp32 copy and its log-softmax.
    assertThat(modern - bert).isGreaterThan(TOKENS * WORDS * 5);
  }

  @Test
  void sparse_prediction_makes_logits_of_hidden_tokens_alone() {
    String few = MASKED + "--scored-fraction 0.25";
    RankEstimate dense = of("modernbert", Map.of(), few);
    RankEstimate sparse = of("modernbert", Map.of("sparse_prediction", true), few);

    assertThat(head(dense) - head(sparse)).isGreaterThan(TOKENS * WORDS * 3 / 4 * 10 - (20L << 20));
    assertThat(of("modernbert", Map.of(), MASKED).phasePeaks()).isEqualTo(dense.phasePeaks());
  }

  @Test
  void the_head_is_the_one_that_the_stage_needs() {
    Map<String, Object> classifier =
        Map.of("architectures", List.of("BertForSequenceClassification"));

    assertThat(of("bert", classifier, MASKED).phasePeaks())
        .isEqualTo(of("bert", Map.of(), MASKED).phasePeaks());
  }

  @Test
  void an_evaluation_of_it_is_one_too() {
    RankEstimate rank = of("bert", Map.of(), MASKED + "--evaluation-batches 2");

    assertThat(rank.episodes()).anyMatch(e -> e.episode() instanceof Episode.Evaluation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | | objective.stage masked-lm of a llama is not modelled yet",
        "bert | --loss cce | objective.stage masked-lm with loss cce is not modelled yet",
        "bert | --framework torchtune | objective.stage masked-lm of framework torchtune (a"
            + " trainer of it, which the framework has none of) is not modelled yet",
      })
  void what_has_no_such_head_or_loss_is_named(String type, String flags, String message) {
    String all = flags == null ? MASKED : MASKED + flags;

    assertThatThrownBy(() -> of(type, Map.of(), all))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(message);
  }

  private static long head(RankEstimate rank) {
    return rank.phasePeaks().get(Phase.FORWARD_HEAD);
  }

  private static RankEstimate of(String type, Map<String, Object> keys, String flags) {
    Map<String, Object> values = new HashMap<>(Estimates.config(type, Map.of()));
    values.put("num_key_value_heads", 8);
    values.put("hidden_act", "gelu");
    values.putAll(keys);
    ResolvedJob job = Estimates.job(flags);
    Architecture model = TrainedModel.read(new ModelConfig("config.json", values), job.objective());
    return MemoryEstimator.estimate(model, job, Optional.empty()).worst();
  }
}
