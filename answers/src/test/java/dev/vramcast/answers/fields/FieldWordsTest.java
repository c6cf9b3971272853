package dev.vramcast.answers.fields;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;

class FieldWordsTest {

  @Test
  void an_option_of_the_operation_is_its_field() {
    says(
        new PlanOperation(),
        InputError.about(Subject.option("--min-global-batch")).is("0").allowed("a whole number"),
        "min_global_batch is '0', allowed: a whole number",
        "min_global_batch");
  }

  @Test
  void a_key_of_the_job_is_named_by_its_path() {
    says(
        new EstimateOperation(),
        InputError.of("no model")
            .concerning(JobKey.MODEL_ID)
            .hint("give ", JobKey.MODEL_ID, " or ", JobKey.MODEL_CONFIG),
        "no model; give model.id or model.config",
        "model.id");
  }

  @Test
  void the_job_itself_is_no_place_and_a_text_that_was_given_is_one() {
    InputError error = InputError.about(JobKey.MICRO_BATCH).is(0).allowed(1);

    says(
        new EstimateOperation(),
        error.at(Place.of("job")),
        "batch.micro_batch is 0, allowed: 1",
        "batch.micro_batch");
    says(
        new EstimateOperation(),
        error.at(Place.of("a.yaml", 2, 3)),
        "a.yaml:2:3: batch.micro_batch is 0, allowed: 1",
        "batch.micro_batch");
  }

  @Test
  void an_unknown_key_is_what_the_error_is_about() {
    says(
        new EstimateOperation(),
        InputError.unknown("key", "lora.rnk", JobKey.near("lora.rnk")).at(Place.of("job")),
        "unknown key 'lora.rnk'. Did you mean 'lora.rank'?",
        "lora.rnk");
  }

  @Test
  void a_gpu_is_a_key_a_filter_or_the_search() {
    InputError error = InputError.of("'h100x' matches no GPU").concerning(JobKey.GPU);

    says(new EstimateOperation(), error, "'h100x' matches no GPU", "hardware.gpu");
    says(new CostOperation(), error, "'h100x' matches no GPU", "gpu");
    says(new GpusOperation(), error, "'h100x' matches no GPU", "search");
  }

  @Test
  void a_switch_of_the_same_flag_is_not_the_key() {
    InputError error = InputError.about(JobKey.COMPLETION_LENGTH).and(" is missing");

    says(
        new MaxOperation(),
        error,
        "objective.completion_length is missing",
        "objective.completion_length");
  }

  @Test
  void an_error_about_nothing_that_is_given_has_no_field() {
    assertThat(new FieldWords(new EstimateOperation()).field(InputError.of("something is wrong")))
        .isEmpty();
  }

  private static void says(Operation operation, InputError error, String line, String field) {
    FieldWords words = new FieldWords(operation);
    assertThat(error.line(words)).isEqualTo(line);
    assertThat(words.field(error)).hasValue(field);
  }
}
