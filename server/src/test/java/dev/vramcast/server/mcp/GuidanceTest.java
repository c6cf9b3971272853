package dev.vramcast.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.core.job.document.JobKey;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GuidanceTest {

  @Test
  void every_key_of_a_job_is_named_except_those_of_files() {
    String instructions = Guidance.instructions();

    for (JobKey key : JobKey.values()) {
      boolean file = key == JobKey.DATA_FILE || key == JobKey.TOKENIZER;
      assertThat(instructions.matches("(?s).*[ ,]" + key.path() + "[,.].*")).isEqualTo(!file);
    }
  }

  @Test
  void the_first_tool_explains_the_usual_keys() {
    assertThat(Tools.OFFERED.get(0)).isInstanceOf(FitOperation.class);
    assertThat(String.valueOf(ToolSchemas.input(new FitOperation(), false)))
        .contains("micro_batch", "sequences per GPU", "enum", "minimum");
  }

  @Test
  void a_field_has_one_type_whatever_else_is_taken() {
    for (Operation operation : Tools.OFFERED) {
      assertThat(String.valueOf(ToolSchemas.input(operation, true))).doesNotContain("type=[");
    }
  }

  @Test
  void a_revision_is_asked_for_only_where_the_hub_is() {
    assertThat(fields(true)).contains("revision");
    assertThat(fields(false)).isNotEmpty().doesNotContain("revision");
  }

  private static Set<String> fields(boolean hub) {
    Map<?, ?> properties = (Map<?, ?>) ToolSchemas.input(new FitOperation(), hub).get("properties");
    return properties.keySet().stream().map(String::valueOf).collect(Collectors.toSet());
  }
}
