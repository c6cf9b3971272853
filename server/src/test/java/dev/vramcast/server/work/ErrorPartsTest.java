package dev.vramcast.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.server.McpClients;
import dev.vramcast.server.TestServer;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Programs read what is wrong in parts, and no sentence. */
class ErrorPartsTest {

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvFileSource(resources = "parts.txt", delimiter = '|', quoteCharacter = '"')
  void the_most_frequent_errors_say(
      String asked, String kind, String given, String nearest, String allowed, String hint) {
    JsonNode problem = refused(answer(asked.replace('\'', '"')));

    assertThat(part(problem, "kind")).as(problem.toString()).isEqualTo(kind);
    assertThat(part(problem, "given")).as(problem.toString()).isEqualTo(given);
    assertThat(part(problem, "nearest")).as(problem.toString()).isEqualTo(nearest);
    holds(problem, "allowed", allowed);
    holds(problem, "hint", hint);
  }

  @Test
  void a_model_has_several_names_near_it() {
    String fields = "{\"job\":{\"model\":{\"id\":\"qwen2.5-7\"}}}";
    JsonNode problem = refused(server.post("estimate", fields));

    assertThat(problem.get("near")).hasSizeGreaterThan(1);
    assertThat(problem.get("near").get(0)).isEqualTo(problem.get("nearest"));
  }

  @Test
  void a_tool_tells_the_same_beside_its_sentence() {
    Map<String, Object> fields = Map.of("job", Map.of("hardware", Map.of("gpu", "h1000:8")));
    String json = JsonMapper.builder().build().writeValueAsString(fields);
    try (McpSyncClient client = McpClients.http(server)) {
      CallToolResult result = McpClients.call(client, "fit", fields);

      assertThat(JsonMapper.builder().build().<JsonNode>valueToTree(result.meta().get("problem")))
          .isEqualTo(refused(server.post("fit", json)));
    }
  }

  private static HttpResponse<String> answer(String asked) {
    int blank = asked.indexOf(' ');
    return blank < 0
        ? server.get("/api/v1/" + asked)
        : server.post(asked.substring(0, blank), "{" + asked.substring(blank) + "}");
  }

  private static JsonNode refused(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
    return TestServer.json(response);
  }

  private static String part(JsonNode problem, String name) {
    return problem.has(name) ? problem.get(name).asString() : null;
  }

  private static void holds(JsonNode problem, String name, String text) {
    if (text == null) {
      assertThat(problem.has(name)).as(problem.toString()).isFalse();
    } else {
      assertThat(part(problem, name)).as(problem.toString()).contains(text);
    }
  }
}
