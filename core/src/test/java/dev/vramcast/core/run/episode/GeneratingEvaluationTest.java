package dev.vramcast.core.run.episode;

import static dev.vramcast.core.run.episode.EvaluationTest.NEW;
import static dev.vramcast.core.run.episode.EvaluationTest.TRAINER;
import static dev.vramcast.core.run.episode.EvaluationTest.TRL;
import static dev.vramcast.core.run.episode.EvaluationTest.bytes;
import static dev.vramcast.core.run.episode.EvaluationTest.evaluation;
import static dev.vramcast.core.run.episode.EvaluationTest.heads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What evaluations generate. */
class GeneratingEvaluationTest {

  private final Architecture llama = Estimates.llama(false);

  @Test
  void what_is_generated_runs_behind_whole_sequences_before_the_pass_to_their_loss() {
    Episode.Evaluation evaluation =
        evaluation(TRAINER + "--evaluation-batches 2 --evaluation-new-tokens 64");

    Episode.Evaluation.Search search = evaluation.generated().orElseThrow();
    assertThat(search.prompts().batch()).isEqualTo(new PassBatch(8, 512));
    assertThat(search.length()).isEqualTo(512 + 64);
    assertThat(search.choice()).isEqualTo(Episode.Evaluation.Choice.LIKELIEST);
    assertThat(heads(evaluation)).containsExactly(new PassHead.Loss(LossKernel.FULL));
  }

  @Test
  void llama_factory_computes_no_loss_of_what_it_generates() {
    String flags = NEW + "--framework llama-factory --evaluation-batches 2 ";

    assertThat(evaluation(flags + "--evaluation-new-tokens 64").passes()).isEmpty();
    assertThat(evaluation(flags).passes()).hasSize(1);
  }

  @Test
  void every_beam_is_a_row_with_keys_and_values_of_its_own() {
    String flags = TRAINER + "--evaluation-batches 1 --evaluation-new-tokens 4000 ";
    Episode.Evaluation.Search four =
        evaluation(flags + "--evaluation-beams 4").generated().orElseThrow();

    assertThat(four.rows()).isEqualTo(32);
    // Keys and values of 4,511 tokens, in bf16.
    long cache = 8 * 2L * KeyValueSize.expanded(llama, 4511);
    assertThat(
            evaluated(flags + "--evaluation-beams 8") - evaluated(flags + "--evaluation-beams 4"))
        .isGreaterThan(4 * cache);
  }

  @Test
  void answers_of_pairs_are_drawn_behind_their_prompts_up_to_their_length() {
    String flags = TRL + "--stage orpo --evaluation-batches 1 --evaluation-new-tokens 112";

    Episode.Evaluation.Search drawn = evaluation(flags).generated().orElseThrow();

    assertThat(drawn.prompts().batch()).isEqualTo(new PassBatch(8, 400));
    assertThat(drawn.length()).isEqualTo(512);
    assertThat(drawn.choice()).isEqualTo(Episode.Evaluation.Choice.DRAWN);
  }

  /** generate_during_eval of trl/trainer and trl/experimental. */
  @ParameterizedTest
  @CsvSource({
    "1.16.0, dpo, false",
    "0.29.1, dpo, false",
    "0.11.4, dpo, true",
    "1.16.0, kto, false",
    "1.2.0, kto, false",
    "1.1.0, kto, true",
    "1.12.0, bco, true",
    "0.29.1, bco, true",
    "0.29.1, orpo, true",
  })
  void a_release_whose_trainer_generates_nothing_is_named(
      String version, String stage, boolean generates) {
    String flags =
        "--framework trl --framework-version %s --stage %s".formatted(version, stage)
            + " --evaluation-batches 1 --evaluation-new-tokens 8";
    String message =
        "--evaluation-new-tokens: evaluation.new_tokens is 8, but trl %s generates nothing where it"
            + " evaluates in objective.stage %s, allowed: 0";

    if (generates) {
      assertThatCode(() -> Estimates.job(flags)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> Estimates.job(flags))
          .isInstanceOf(InputException.class)
          .hasMessage(message.formatted(version, stage));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 513, 4000})
  void answers_of_pairs_leave_their_prompt_a_token(int tokens) {
    String flags = TRL + "--stage orpo --evaluation-batches 1 --evaluation-new-tokens ";

    assertThat(evaluation(flags + 511).generated().orElseThrow().prompts().batch().length())
        .isOne();
    assertThatThrownBy(() -> Estimates.job(flags + tokens))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--evaluation-new-tokens: evaluation.new_tokens is "
                + tokens
                + ", but batch.sequence_length is 512, up to which answers are drawn behind their"
                + " prompts, allowed: less");
  }

  @Test
  void what_does_not_fit_in_a_number_is_refused_and_never_wraps() {
    String flags =
        TRAINER
            + "--evaluation-batches 1 --evaluation-batch 600000 --evaluation-beams 1000"
            + " --evaluation-new-tokens 566000";

    Architecture deep = Estimates.model("llama", Map.of("num_hidden_layers", 160));

    assertThatThrownBy(() -> Estimates.of(deep, flags))
        .isInstanceOf(InputException.class)
        .hasMessage("the llama model and its batch are too large for any memory");
  }

  /** Mamba's and gated delta nets' states are a row's and a beam's own too. */
  @Test
  void what_recurrent_layers_keep_while_they_generate_is_left_out() {
    assertThat(KeyValueSize.leavesOut(Estimates.model("falcon_h1", Map.of()))).isTrue();
    assertThat(KeyValueSize.leavesOut(llama)).isFalse();
  }

  @Test
  void tokens_take_the_place_of_logits_where_an_evaluation_generates() {
    String flags = TRAINER + "--evaluation-batches 4 --evaluation-metrics true ";

    assertThat(evaluation(flags).gathered()).isEqualTo(4);
    assertThat(evaluation(flags + "--evaluation-new-tokens 8").gathered()).isZero();
  }

  private long evaluated(String flags) {
    return bytes(Estimates.of(llama, flags), 1);
  }
}
