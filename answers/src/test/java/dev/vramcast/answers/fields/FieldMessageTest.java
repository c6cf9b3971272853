package dev.vramcast.answers.fields;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.plan.PlanOperation;
import org.junit.jupiter.api.Test;

class FieldMessageTest {

  @Test
  void an_option_of_the_operation_is_its_field() {
    says(
        new PlanOperation(),
        "--min-global-batch is '0', allowed: a whole number",
        "min_global_batch is '0', allowed: a whole number",
        "min_global_batch");
  }

  @Test
  void any_other_option_is_a_key_of_the_job() {
    says(
        new EstimateOperation(),
        "no model: give --model NAME or --model-config FILE",
        "no model: give model.id NAME or model.config FILE",
        "model.id");
  }

  @Test
  void where_the_job_is_named_as_the_place_the_key_is_enough() {
    says(
        new EstimateOperation(),
        "job: batch.micro_batch is 0, allowed: 1",
        "batch.micro_batch is 0, allowed: 1",
        "batch.micro_batch");
  }

  @Test
  void an_unknown_key_is_what_the_message_is_about() {
    says(
        new EstimateOperation(),
        "job: unknown key 'lora.rnk'. Did you mean 'lora.rank'?",
        "unknown key 'lora.rnk'. Did you mean 'lora.rank'?",
        "lora.rnk");
  }

  @Test
  void a_gpu_is_a_key_a_filter_or_the_search() {
    String message = "gpu: 'h100x' matches no GPU";

    says(new EstimateOperation(), message, message, "hardware.gpu");
    says(new CostOperation(), message, message, "gpu");
    says(new GpusOperation(), message, message, "search");
  }

  @Test
  void the_flag_of_a_model_without_a_name_is_a_field_of_its_own() {
    says(
        new MaxOperation(),
        "--batch, --sequence and --model without a name exclude each other",
        "batch, sequence and model exclude each other",
        "batch");
  }

  @Test
  void a_message_about_nothing_that_is_given_has_no_field() {
    FieldMessage message = FieldMessage.of("something else is wrong", new EstimateOperation());

    assertThat(message.field()).isEmpty();
  }

  private static void says(Operation operation, String message, String text, String field) {
    FieldMessage coverage = FieldMessage.of(message, operation);
    assertThat(coverage.text()).isEqualTo(text);
    assertThat(coverage.field()).hasValue(field);
  }
}
