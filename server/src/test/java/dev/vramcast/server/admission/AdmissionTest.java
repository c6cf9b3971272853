package dev.vramcast.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.server.TestServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Kubernetes asks whether jobs may be made. */
@Tag("slow")
class AdmissionTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void what_fits_is_let_through_without_a_word() {
    JsonNode answer = asked(job("NVIDIA-A100-SXM4-80GB", "Qwen/Qwen3-0.6B", Map.of()));

    assertThat(answer.at("/kind").asString()).isEqualTo("AdmissionReview");
    assertThat(answer.at("/apiVersion").asString()).isEqualTo("admission.k8s.io/v1");
    assertThat(answer.at("/response/uid").asString()).isEqualTo("7f0b");
    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(answer.at("/response").has("warnings")).isFalse();
  }

  @Test
  void what_does_not_fit_is_refused_with_the_sentence_of_the_answer() {
    JsonNode answer = asked(job("Tesla-T4", "meta-llama/Llama-3.1-70B", Map.of()));

    assertThat(answer.at("/response/allowed").asBoolean()).isFalse();
    assertThat(answer.at("/response/status/code").asInt()).isEqualTo(403);
    assertThat(answer.at("/response/status/message").asString())
        .startsWith("vramcast: ")
        .contains("does not fit", "T4");
  }

  @Test
  void a_name_of_a_question_that_is_no_name_is_not_repeated() {
    String much = "u".repeat(100_000);
    String body =
        "{\"kind\": \"AdmissionReview\", \"request\": {\"uid\": \"" + much + "\", \"object\": {}}}";

    assertThat(server.admit(body).statusCode()).isBetween(400, 422);
    assertThat(server.admit(body).body()).hasSizeLessThan(2_000);
  }

  @Test
  void a_policy_lets_it_through_with_a_warning() {
    JsonNode answer =
        asked(job("Tesla-T4", "meta-llama/Llama-3.1-70B", Map.of(AdmissionReview.POLICY, "warn")));

    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(answer.at("/response/warnings/0").asString()).contains("does not fit");
  }

  @Test
  void an_annotation_names_the_card_before_a_label_does() {
    Map<String, Object> notes = Map.of(AdmissionReview.GPU, "h200");

    JsonNode answer = asked(job("Tesla-T4", "Qwen/Qwen3-0.6B", notes));

    assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
    assertThat(answer.at("/response").has("warnings")).isFalse();
  }

  @Test
  void what_trains_nothing_or_names_no_card_is_let_through_and_said_to_be_unread() {
    Map<String, Object> service =
        Map.of("apiVersion", "v1", "kind", "Service", "metadata", Map.of("name", "x"));

    JsonNode none = asked(service);
    JsonNode unknown = asked(job("no-such-card", "Qwen/Qwen3-0.6B", Map.of()));

    assertThat(none.at("/response/allowed").asBoolean()).isTrue();
    assertThat(none.at("/response/warnings/0").asString()).contains("not checked", "no card");
    assertThat(unknown.at("/response/allowed").asBoolean()).isTrue();
    assertThat(unknown.at("/response/warnings/0").asString()).contains("no-such-card");
  }

  @Test
  void a_body_that_is_no_review_is_a_problem_of_one_line() {
    for (String body : List.of("{}", "[]", "{\"kind\": \"AdmissionReview\"}", "{\"request\": 3}")) {
      assertThat(server.admit(body).statusCode()).as(body).isEqualTo(400);
    }
  }

  @Test
  void the_machine_that_a_node_is_chosen_by_tells_its_card() {
    Map<String, Object> object =
        job(
            "node.kubernetes.io/instance-type",
            "g5.12xlarge",
            "meta-llama/Llama-3.1-70B",
            Map.of());

    assertThat(asked(object).at("/response/status/message").asString())
        .contains(" does not fit one A10G");
    assertThat(
            asked(
                    job(
                        "node.kubernetes.io/instance-type",
                        "m5.24xlarge",
                        "meta-llama/Llama-3.1-70B",
                        Map.of()))
                .at("/response/warnings/0")
                .asString())
        .contains("no card is named");
  }

  @Test
  void the_module_that_a_launcher_starts_in_the_place_of_trl_is_trls_command() {
    List<String> command =
        List.of(
            "accelerate",
            "launch",
            "-m",
            "trl.scripts.sft",
            "--model_name_or_path",
            "meta-llama/Llama-3.1-70B",
            "--max_length",
            "1024");

    assertThat(asked(job("Tesla-T4", command)).at("/response/status/message").asString())
        .contains("does not fit", "T4");
  }

  @Test
  void what_cannot_be_read_is_called_as_kubectl_calls_it() {
    JsonNode answer = asked(job("Tesla-T4", List.of("python", "serve.py", "--port", "1")));

    assertThat(answer.at("/response/warnings/0").asString())
        .contains("job/train")
        .doesNotContain("manifest.yaml");
  }

  private static JsonNode asked(Map<String, Object> object) {
    Map<String, Object> request = new HashMap<>();
    request.put("uid", "7f0b");
    request.put("operation", "CREATE");
    request.put("object", object);
    Map<String, Object> review =
        Map.of("apiVersion", "admission.k8s.io/v1", "kind", "AdmissionReview", "request", request);
    return TestServer.json(server.admit(JsonMapper.shared().writeValueAsString(review)));
  }

  private static Map<String, Object> job(String card, String model, Map<String, Object> notes) {
    return job("nvidia.com/gpu.product", card, model, notes);
  }

  private static Map<String, Object> job(String card, List<String> command) {
    return job("nvidia.com/gpu.product", card, Map.of(), command);
  }

  private static Map<String, Object> job(
      String label, String card, String model, Map<String, Object> notes) {
    return job(
        label,
        card,
        notes,
        List.of("trl", "sft", "--model_name_or_path", model, "--max_length", "1024"));
  }

  private static Map<String, Object> job(
      String label, String card, Map<String, Object> notes, List<String> command) {
    Map<String, Object> container =
        Map.of(
            "name",
            "train",
            "image",
            "pytorch/pytorch",
            "command",
            new ArrayList<>(command),
            "resources",
            Map.of("limits", Map.of("nvidia.com/gpu", 1)));
    Map<String, Object> pod =
        Map.of("nodeSelector", Map.of(label, card), "containers", List.of(container));
    return Map.of(
        "apiVersion",
        "batch/v1",
        "kind",
        "Job",
        "metadata",
        Map.of("name", "train", "annotations", notes),
        "spec",
        Map.of("template", Map.of("spec", pod)));
  }
}
