package dev.vramcast.answers.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AssumedRunTest {

  private static final Terminal WIDE = new Terminal(200, false, true);
  private static final String ASSUMED = "does not say on how much it trains";

  static List<Operation> priced() {
    return List.of(new CostOperation(), new PlanOperation());
  }

  private static Map<String, Object> job(Map<String, Object> data) {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.put("data", data);
    return Map.of("job", job, "provider", "runpod");
  }

  @ParameterizedTest
  @MethodSource("priced")
  void a_job_of_no_known_size_costs_what_ten_million_tokens_do_and_says_so(Operation operation) {
    List<String> assumed = lines(operation, Map.of());
    List<String> stated = lines(operation, Map.of("tokens", 10_000_000));

    assertThat(assumed).anyMatch(line -> line.contains(ASSUMED + ": 10,000,000 tokens are priced"));
    assertThat(stated).noneMatch(line -> line.contains(ASSUMED)).isNotEmpty();
    assertThat(assumed).containsAll(stated);
  }

  @Test
  void epochs_alone_say_no_size() {
    assertThat(lines(new CostOperation(), Map.of("epochs", 3)))
        .containsAll(lines(new CostOperation(), Map.of("tokens", 10_000_000)));
  }

  @Test
  void a_size_that_is_known_by_examples_is_kept() {
    assertThat(lines(new CostOperation(), Map.of("examples", 1000, "tokens_per_example", 500)))
        .noneMatch(line -> line.contains(ASSUMED))
        .anyMatch(line -> line.contains("500,000 tokens"));
  }

  private static List<String> lines(Operation operation, Map<String, Object> data) {
    Answer answer = Asked.answer(operation, job(data));
    return answer.lines(WIDE).stream().map(String::strip).toList();
  }
}
