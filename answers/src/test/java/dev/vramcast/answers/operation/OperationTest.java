package dev.vramcast.answers.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.answers.registry.Operations;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationTest {

  @Test
  void operations_are_these() {
    assertThat(Operations.ALL)
        .extracting(Operation::name)
        .containsExactly(
            "estimate",
            "fit",
            "max",
            "plan",
            "lint",
            "models",
            "gpus",
            "prices",
            "cost",
            "write",
            "guide");
  }

  @Test
  void a_field_means_one_thing_in_an_operation() {
    for (Operation operation : Operations.ALL) {
      assertThat(fields(operation))
          .doesNotHaveDuplicates()
          .doesNotContain("job", "files")
          .allMatch(field -> field.matches("[a-z][a-z_]*"));
    }
  }

  @Test
  void who_may_name_files_may_say_all_that_others_may() {
    for (Operation operation : Operations.ALL) {
      assertThat(operation.parameters(Asker.HERE).stream().map(Parameter::name))
          .containsAll(
              operation.parameters(Asker.ELSEWHERE).stream().map(Parameter::name).toList());
    }
  }

  @Test
  void a_field_is_the_name_in_snake_case() {
    assertThat(Parameter.text("--min-global-batch", "N", "").field()).isEqualTo("min_global_batch");
    assertThat(Parameter.word("SEARCH", "").field()).isEqualTo("search");
  }

  private static List<String> fields(Operation operation) {
    List<Parameter> all = new ArrayList<>(operation.subject().parameters());
    all.addAll(operation.parameters(Asker.ELSEWHERE));
    return all.stream().map(Parameter::field).toList();
  }
}
