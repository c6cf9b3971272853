package dev.vramcast.server.questions;

import static dev.vramcast.server.McpClients.call;
import static dev.vramcast.server.McpClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.server.TestServer;
import dev.vramcast.server.mcp.ServedClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A card too small for an engine to start has that for its answer, over HTTP and MCP. */
@Tag("slow")
class NoRoomTest {

  private static final Map<String, Object> ASKED =
      Map.of(
          "job",
          Map.of(
              "model", Map.of("id", "qwen3-32b"),
              "objective", Map.of("stage", "grpo"),
              "generation", Map.of("engine", "vllm-colocate"),
              "hardware", Map.of("gpu", "rtx-4090")));

  @RegisterExtension static final ServedClient SERVED = new ServedClient();

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit"})
  void over_http(String operation) {
    HttpResponse<String> response =
        SERVED.server().post(operation, JsonMapper.shared().writeValueAsString(ASKED));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = TestServer.json(response);
    assertThat(answer.get("kind").asString()).isEqualTo("no_room");
    assertThat(answer.get("verdict").asString()).isEqualTo("does_not_fit");
    assertThat(answer.get("reason").asString())
        .startsWith("generation.memory_fraction")
        .contains("does not start");
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "fit"})
  void over_mcp(String operation) {
    CallToolResult result = call(SERVED.client(), operation, ASKED);
    assertThat(result.isError()).isFalse();
    assertThat(text(result)).contains("Verdict  does not fit", "does not start");
    assertThat((Map<?, ?>) result.structuredContent())
        .extracting("verdict")
        .isEqualTo("does_not_fit");
  }
}
