package dev.vramcast.server;

import static dev.vramcast.server.McpClients.JOB;
import static dev.vramcast.server.McpClients.call;
import static dev.vramcast.server.McpClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.server.work.Bounds;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens to calls that are too many, or take too long. */
@Tag("slow")
class McpBoundsTest {

  @Test
  void a_call_that_finds_no_place_is_refused_at_once() throws Exception {
    Bounds narrow = new Bounds(1, 0, Duration.ofSeconds(20), Duration.ofSeconds(10));
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try (TestServer server = TestServer.start(TestServer.SETTINGS, narrow);
        McpSyncClient client = McpClients.http(server)) {
      List<Future<CallToolResult>> calls =
          IntStream.range(0, 8)
              .mapToObj(i -> callers.submit(() -> call(client, "fit", Map.of("job", JOB))))
              .toList();
      Map<Boolean, List<String>> texts =
          calls.stream()
              .map(McpBoundsTest::result)
              .collect(
                  Collectors.partitioningBy(
                      CallToolResult::isError,
                      Collectors.mapping(McpClients::text, Collectors.toList())));

      assertThat(texts.get(false)).isNotEmpty().allMatch(text -> text.contains("fits one L4"));
      assertThat(texts.get(true))
          .isNotEmpty()
          .containsOnly("too many requests are waiting, try again in a second");
    } finally {
      callers.shutdown();
    }
  }

  private static CallToolResult result(Future<CallToolResult> call) {
    try {
      return call.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_call_that_takes_too_long_is_given_up() {
    ServeSettings usual = TestServer.SETTINGS;
    ServeSettings hasty = usual.withLimits(usual.maxBodyBytes(), Duration.ofMillis(1));
    Map<String, Object> job = Map.of("model.id", "llama-3.1-8b", "data.tokens", 1e9);
    try (TestServer server = TestServer.start(hasty);
        McpSyncClient client = McpClients.http(server)) {
      CallToolResult result = call(client, "plan", Map.of("job", job));

      assertThat(result.isError()).isTrue();
      assertThat(text(result)).isEqualTo("there is no answer within 0.001 s");
    }
  }
}
