package dev.vramcast.answers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A size alone is the same job whatever is asked about it. */
@Tag("slow")
class SizesTest {

  private static final Terminal PLAIN = new Terminal(100, false, false);

  static List<Arguments> operations() {
    return List.of(
        Arguments.of(new EstimateOperation(), Map.of()),
        Arguments.of(new FitOperation(), Map.of()),
        Arguments.of(new MaxOperation(), Map.of("batch", true)),
        Arguments.of(new CostOperation(), Map.of("gpu", "h100-sxm,l40s")),
        Arguments.of(new PlanOperation(), Map.of("gpu", "h100-sxm,l40s", "by", "cost")));
  }

  private static Answer answer(Operation operation, Map<String, ?> more, Map<String, ?> named) {
    Map<String, Object> job = new HashMap<>(Map.of("data", Map.of("tokens", 1_000_000)));
    if (!more.containsKey("gpu")) {
      job.put("hardware", Map.of("gpu", "L40S"));
    }
    Map<String, Object> fields = new HashMap<>(more);
    named.forEach((key, value) -> (key.equals("model") ? job : fields).put(key, value));
    fields.put("job", job);
    return Asked.answer(operation, fields);
  }

  private static String text(Answer answer) {
    return String.join(" ", answer.lines(PLAIN)).replaceAll("\\s+", " ");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void a_size_is_the_usual_model_nearest_to_it_which_the_first_lines_say(
      Operation operation, Map<String, ?> more) {
    Answer sized = answer(operation, more, Map.of("params", "14B"));
    Answer named = answer(operation, more, Map.of("model", Map.of("id", "qwen2.5-14b")));

    assertThat(text(sized).substring(0, 150)).contains("qwen2.5-14b (for 14B parameters)");
    assertThat(
            text(sized)
                .replace("qwen2.5-14b (for 14B parameters)", "qwen2.5-14b")
                .replace("'14B parameters'", "qwen2.5-14b"))
        .isEqualTo(text(named));
    assertThat(sized.warnings().toString() + sized.json("1"))
        .contains(
            "'14B parameters' is taken as 'qwen2.5-14b', the usual model nearest to that size");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void with_what_a_token_visits_it_is_a_usual_mixture(Operation operation, Map<String, ?> more) {
    Answer sized = answer(operation, more, Map.of("params", "30B", "active_params", "3B"));

    assertThat(text(sized)).contains("qwen3-30b-a3b (for 30B parameters, 3B active)");
  }

  @Test
  void the_figures_that_programs_get_are_those_of_the_model() {
    Map<String, Object> job = Map.of("hardware", Map.of("gpu", "L40S"));
    Map<String, Object> named = new HashMap<>(job);
    named.put("model", Map.of("id", "llama-3.1-8b"));

    assertThat(
            Asked.json(new EstimateOperation(), Map.of("params", "8B", "job", job))
                .at("memory")
                .map())
        .isEqualTo(Asked.json(new EstimateOperation(), Map.of("job", named)).at("memory").map());
  }
}
