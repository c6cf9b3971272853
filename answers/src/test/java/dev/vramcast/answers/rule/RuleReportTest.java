package dev.vramcast.answers.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Asked.Json;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.InputException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleReportTest {

  private static RuleReport report(String params, Map<String, ?> job, Map<String, ?> more) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("params", params);
    fields.put("job", job);
    return (RuleReport) Asked.answer(new EstimateOperation(), fields);
  }

  private static String text(RuleReport report) {
    return String.join("\n", report.lines(new Terminal(Terminal.PLAIN_WIDTH, false, false)));
  }

  @ParameterizedTest
  @CsvSource({"7B, full", "8B, lora", "14B, qlora", "72B, qlora", "30B, full"})
  void the_parts_that_programs_get_add_up_to_the_total_that_people_read(
      String params, String method) {
    RuleReport report = report(params, Map.of("method", method), Map.of());
    Json memory = new Json(report.json("1")).at("memory");

    assertThat(memory.wholes().sum()).isEqualTo(2 * memory.whole("total_bytes"));
    assertThat(text(report)).contains(params.replace("B", ".0B parameters, " + method));
  }

  @Test
  void full_training_has_no_adapters_and_says_none() {
    assertThat(text(report("7B", Map.of("method", "full"), Map.of())))
        .doesNotContain("adapters")
        .contains("16 bits, 2 bytes a parameter", "Adam, 8 bytes for each parameter");
  }

  @Test
  void a_rank_scales_the_guides_adapters_and_a_quantised_base_takes_half_a_byte() {
    RuleReport usual = report("7B", Map.of("method", "qlora"), Map.of());
    RuleReport low = report("7B", Map.of("method", "qlora", "lora", Map.of("rank", 16)), Map.of());

    assertThat(low.rule().adapterBytes()).isEqualTo(usual.rule().adapterBytes() / 4);
    assertThat(low.rule().weightBytes()).isEqualTo(3_500_000_000L);
    assertThat(text(low)).contains("rank 16, scaled from the guide's at rank 64");
  }

  @Test
  void of_a_mixture_the_active_parameters_are_trained_and_both_are_told() {
    RuleReport report = report("30B", Map.of("method", "full"), Map.of("active_params", "3B"));

    assertThat(report.billions()).isEqualTo("30.0B (3.0B active)");
    assertThat(text(report)).contains("2 bytes for each active parameter");
    assertThat(report.rule().gradientBytes()).isEqualTo(6_000_000_000L);
  }

  @Test
  void what_the_rule_takes_no_account_of_is_named_and_a_model_beside_it_refused() {
    RuleReport report =
        report("7B", Map.of("batch", Map.of("micro_batch", 4), "loss", "liger"), Map.of());

    assertThat(report.warnings()).hasSize(1);
    assertThat(report.warnings().get(0))
        .hasToString("the rule of thumb takes no account of batch.micro_batch, loss");
    assertThatThrownBy(() -> report("7B", Map.of("model", Map.of("id", "gpt2")), Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a model is named, so --params cannot be given too");
  }
}
