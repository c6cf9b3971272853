package dev.vramcast.answers.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobSchemaTest {

  private final Map<String, Object> schema = JobSchema.create();

  @Test
  void every_key_has_its_place_and_says_what_it_is() {
    for (JobKey key : JobKey.values()) {
      assertThat(at(key.path())).containsKey("description");
    }
  }

  @Test
  void ranges_words_and_defaults_are_those_of_the_keys() {
    assertThat(at("lora.rank"))
        .containsEntry("type", "integer")
        .containsEntry("minimum", 1)
        .containsEntry("maximum", 65_536)
        .containsEntry("default", 16);
    assertThat(at("compile")).containsEntry("type", "boolean").containsEntry("default", false);
    assertThat(at("method")).containsEntry("enum", JobKey.METHOD.kind().words());
    assertThat(at("model.config")).containsEntry("type", "object");
  }

  @Test
  void nothing_unknown_is_allowed_at_any_depth() {
    assertThat(schema).containsEntry("additionalProperties", false);
    assertThat(at("model.quantization")).containsEntry("additionalProperties", false);
  }

  private Map<?, ?> find(Map<?, ?> section, String name) {
    return (Map<?, ?>) ((Map<?, ?>) section.get("properties")).get(name);
  }

  @SuppressWarnings("unchecked") // a schema's keys are strings
  private Map<String, Object> at(String path) {
    Map<?, ?> place = schema;
    for (String part : path.split("\\.")) {
      place = find(place, part);
    }
    return (Map<String, Object>) place;
  }
}
