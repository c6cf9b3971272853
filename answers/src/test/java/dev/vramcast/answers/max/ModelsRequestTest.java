package dev.vramcast.answers.max;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Asked.Json;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ModelsRequestTest {

  @Test
  void without_a_wish_one_usual_model_of_each_size_is_asked_about_the_smallest_first() {
    List<Json> models = max(Map.of(), Map.of()).list("models");

    assertThat(models).hasSizeBetween(5, 12);
    assertThat(parameters(models)).isSorted();
    assertThat(models.get(0).at("methods").map().keySet())
        .map(String::valueOf)
        .containsExactly("full", "lora", "qlora");
  }

  @Test
  void the_largest_models_come_first_and_each_fits_by_a_method() {
    List<Json> models = max(Map.of("method", "lora"), Map.of("model", true)).list("models");

    assertThat(models).hasSize(12);
    assertThat(parameters(models)).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(models)
        .allSatisfy(
            model -> {
              assertThat(model.at("methods").map().keySet())
                  .map(String::valueOf)
                  .containsExactly("lora");
              Json need = model.at("methods").at("lora");
              assertThat(need.whole("needed_bytes")).isLessThanOrEqualTo(usable(need));
            });
  }

  private static long usable(Json need) {
    return need.whole("needed_bytes") + need.whole("headroom_bytes");
  }

  @Test
  void settings_that_the_job_says_are_kept_and_told() {
    Json said = max(Map.of("method", "lora", "batch", Map.of("micro_batch", 2)), Map.of());

    assertThat(said.get("settings").toString())
        .contains("batch.micro_batch is 2", "checkpointing is full");
  }

  @Test
  void a_count_in_the_name_of_the_gpu_is_that_of_each_machine() {
    Json eight = max("H100:8", Map.of());

    assertThat(eight.get("models")).isEqualTo(max("H100", Map.of("count", 8)).get("models"));
    assertThat(max("H100:8", Map.of("nodes", 2)).get("models"))
        .isEqualTo(max("H100", Map.of("count", 16, "nodes", 2)).get("models"))
        .isNotEqualTo(eight.get("models"));
    assertThat(max("H100:8", Map.of("nodes", 2)).get("warnings").toString())
        .contains("16 GPUs in all");
  }

  private static Json max(String gpu, Map<String, ?> hardware) {
    Map<String, Object> all = new HashMap<>(hardware);
    all.put("gpu", gpu);
    return Asked.json(new MaxOperation(), Map.of("job", Map.of("hardware", all, "method", "full")));
  }

  private static Json max(Map<String, ?> job, Map<String, ?> more) {
    Map<String, Object> whole = new HashMap<>(job);
    whole.put("hardware", Map.of("gpu", "l4"));
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("job", whole);
    return Asked.json(new MaxOperation(), fields);
  }

  private static List<Long> parameters(List<Json> models) {
    return models.stream().map(model -> model.whole("parameters")).toList();
  }
}
