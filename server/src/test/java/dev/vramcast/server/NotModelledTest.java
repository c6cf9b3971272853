package dev.vramcast.server;

import static dev.vramcast.server.McpClients.call;
import static dev.vramcast.server.McpClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.server.mcp.ServedClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job that no figure is made of has that for its answer, over HTTP and MCP. */
@Tag("slow")
class NotModelledTest {

  private static final Map<String, Map<String, Object>> ASKED =
      Map.of(
          "estimate", Map.of(),
          "fit", Map.of(),
          "max", Map.of("batch", true),
          "plan", Map.of(),
          "cost", Map.of());

  private static final String REASON = "objective.stage masked-lm of a gpt2 is not modelled yet";
  private static final String FACTORY_REASON =
      "precision bf16 in objective.stage ppo is not modelled yet, modelled: precision bf16-mixed,"
          + " fp16-mixed";

  private static final Map<String, Object> DOCUMENT = document("masked-lm");

  private static final Map<String, Object> FACTORY =
      Map.of(
          "files",
          List.of(
              Map.of(
                  "name",
                  "factory.yaml",
                  "text",
                  "model_name_or_path: gpt2\nstage: ppo\nfinetuning_type: lora\n"
                      + "cutoff_len: 512\npure_bf16: true\nreward_model: a/b\n")),
          "job",
          Map.of("data", Map.of("tokens", 1e6)));

  @RegisterExtension static final ServedClient SERVED = new ServedClient();

  private static Map<String, Object> document(String stage) {
    return Map.of(
        "job",
        Map.of(
            "model", Map.of("id", "gpt2"),
            "objective", Map.of("stage", stage),
            "data", Map.of("tokens", 1e6)));
  }

  static List<String> operations() {
    return ASKED.keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void over_http(String operation) {
    for (Map<String, Object> job : List.of(DOCUMENT, FACTORY)) {
      String body = JsonMapper.builder().build().writeValueAsString(fields(operation, job));
      HttpResponse<String> response = SERVED.server().post(operation, body);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      JsonNode answer = TestServer.json(response);
      assertThat(answer.get("verdict").asString()).isEqualTo("not_modelled");
      assertThat(answer.get("reason").asString())
          .isEqualTo(job == DOCUMENT ? REASON : FACTORY_REASON);
      assertThat(response.body()).doesNotContain("bytes", "usd");
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void a_stage_that_has_but_a_name_over_http(String operation) {
    Map<String, Object> job = document("online_dpo");
    String body = JsonMapper.builder().build().writeValueAsString(fields(operation, job));
    JsonNode answer = TestServer.json(SERVED.server().post(operation, body));
    assertThat(answer.get("verdict").asString()).isEqualTo("not_modelled");
    assertThat(answer.get("reason").asString())
        .isEqualTo(
            "objective.stage online-dpo (which passes its trainer runs, and what they keep) is not"
                + " modelled yet");
  }

  @ParameterizedTest
  @MethodSource("operations")
  void over_mcp(String operation) {
    for (Map<String, Object> job : List.of(DOCUMENT, FACTORY)) {
      CallToolResult result = call(SERVED.client(), operation, fields(operation, job));
      assertThat(result.isError()).isFalse();
      assertThat(text(result).replace("\n    ", " "))
          .contains("Verdict  not modelled", (job == DOCUMENT ? REASON : FACTORY_REASON) + ".");
      assertThat((Map<?, ?>) result.structuredContent())
          .extracting("verdict")
          .isEqualTo("not_modelled");
    }
  }

  private static Map<String, Object> fields(String operation, Map<String, Object> job) {
    Map<String, Object> fields = new LinkedHashMap<>(job);
    fields.putAll(ASKED.get(operation));
    if (operation.equals("fit") || operation.equals("max")) {
      Map<String, Object> on = new LinkedHashMap<>();
      ((Map<?, ?>) job.get("job")).forEach((key, value) -> on.put(String.valueOf(key), value));
      on.put("hardware", Map.of("gpu", "l4"));
      fields.put("job", on);
    }
    return fields;
  }
}
