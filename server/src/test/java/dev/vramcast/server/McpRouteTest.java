package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.serve.ServeSettings;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be sent to {@code /mcp}, and by whom. */
class McpRouteTest {

  private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"ping\"}";

  private static final int MOST_BYTES = 2_000;

  private static TestServer server;

  @BeforeAll
  static void start() {
    ServeSettings usual = TestServer.SETTINGS;
    server = TestServer.start(usual.withLimits(MOST_BYTES, usual.timeLimit()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder post(String message) {
    return server
        .request(McpRoute.PATH)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream")
        .POST(BodyPublishers.ofString(message));
  }

  @Test
  void a_request_is_answered_by_one_json_object() {
    HttpResponse<String> response = server.send(post(PING));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
  }

  @Test
  void a_notification_is_accepted_and_not_answered() {
    HttpResponse<String> response =
        server.send(post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}"));

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void there_is_no_stream_to_listen_to_and_no_session_to_end() {
    assertThat(server.get(McpRoute.PATH).statusCode()).isEqualTo(405);
    assertThat(server.send(server.request(McpRoute.PATH).DELETE()).statusCode()).isEqualTo(405);
  }

  @Test
  void a_call_is_cancelled_by_the_client_that_made_it_and_by_no_other() throws Exception {
    String plan =
        "{\"jsonrpc\": \"2.0\", \"id\": \"slow\", \"method\": \"tools/call\","
            + " \"params\": {\"name\": \"plan\","
            + " \"arguments\": {\"job\": {\"model\": {\"id\": \"llama-3.1-405b\"},"
            + " \"data\": {\"tokens\": 1e9}}, \"max_price_age\": \"any\"}}}";
    String cancel =
        "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\","
            + " \"params\": {\"requestId\": \"slow\"}}";
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(
            () -> server.send(post(plan).header("Mcp-Session-Id", "mine")));
    for (int i = 0; i < 5; i++) {
      server.send(post(cancel).header("Mcp-Session-Id", "another"));
    }
    assertThat(answer).isNotDone();
    for (int i = 0; i < 500 && !answer.isDone(); i++) {
      server.send(post(cancel).header("Mcp-Session-Id", "mine"));
      Thread.sleep(20);
    }

    assertThat(answer.get(60, TimeUnit.SECONDS).body())
        .contains("-32800", "the request was cancelled");
  }

  private static final String PLAN =
      "{\"jsonrpc\": \"2.0\", \"id\": 9, \"method\": \"tools/call\","
          + " \"params\": {\"name\": \"plan\", \"_meta\": {\"progressToken\": \"far\"},"
          + " \"arguments\": {\"job\": {\"model\": {\"id\": \"qwen2.5-0.5b\"},"
          + " \"data\": {\"tokens\": 1e7}}, \"max_price_age\": \"any\"}}}";

  @Test
  @Tag("slow")
  void who_asks_for_progress_and_takes_events_is_told_before_the_answer() {
    HttpResponse<String> response = server.send(post(PLAN));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    List<String> events = List.of(response.body().split("\n\n"));
    assertThat(events).hasSizeGreaterThan(1).allMatch(each -> each.startsWith("event: message\n"));
    assertThat(events.subList(0, events.size() - 1))
        .allMatch(each -> each.contains("notifications/progress"))
        .allMatch(each -> each.contains("\"progressToken\":\"far\""));
    assertThat(events.get(events.size() - 1)).contains("\"id\":9", "\"result\"");
  }

  @Test
  @Tag("slow")
  void who_takes_no_events_gets_one_object_whatever_it_asks_for() {
    HttpResponse<String> response =
        server.send(
            server
                .request(McpRoute.PATH)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(PLAN)));

    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body()).startsWith("{\"jsonrpc\":\"2.0\",\"id\":9");
  }

  @Test
  void a_client_is_named_when_it_begins() {
    String initialize =
        "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\", \"params\":"
            + " {\"protocolVersion\": \"2025-11-25\", \"capabilities\": {},"
            + " \"clientInfo\": {\"name\": \"t\", \"version\": \"1\"}}}";

    assertThat(server.send(post(initialize)).headers().firstValue("Mcp-Session-Id")).isPresent();
    assertThat(server.send(post(PING)).headers().firstValue("Mcp-Session-Id")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:6274", "http://127.0.0.1", "http://[::1]:1"})
  void a_page_of_this_machine_may_ask(String origin) {
    assertThat(server.send(post(PING).header("Origin", origin)).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://example.com", "http://127.0.0.1.example.com", "null", "%%"})
  void a_page_of_another_site_may_not(String origin) {
    HttpResponse<String> response = server.send(post(PING).header("Origin", origin));

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("the Origin is").doesNotContain("result");
  }

  @ParameterizedTest
  @CsvSource({"2025-03-26, 200", "2025-11-25, 200", "2024-11-05, 400", "1, 400"})
  void a_version_of_the_protocol_that_is_not_spoken_is_refused(String version, int status) {
    HttpResponse<String> response = server.send(post(PING).header("MCP-Protocol-Version", version));

    assertThat(response.statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"jsonrpc\"|-32700",
        "[]|-32600",
        "{\"jsonrpc\": \"2.0\", \"id\": 1}|-32600",
        "{\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"ping\"}|-32600"
      })
  void what_is_no_message_is_refused_with_a_code(String message, String code) {
    HttpResponse<String> response = server.send(post(message));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("\"code\":" + code).doesNotContain("Exception");
  }

  @Test
  void a_huge_request_is_refused() {
    assertThat(server.send(post(PING + " ".repeat(MOST_BYTES))).statusCode()).isEqualTo(413);
  }

  @Test
  void what_a_form_of_another_site_could_send_is_refused() {
    HttpRequest.Builder form =
        server
            .request(McpRoute.PATH)
            .header("Content-Type", "text/plain")
            .POST(BodyPublishers.ofString(PING));

    assertThat(server.send(form).statusCode()).isEqualTo(415);
  }

  @Test
  void params_that_the_protocol_does_not_have_are_refused_without_a_word_about_classes() {
    for (String params :
        new String[] {"null", "[]", "7", "{}", "{\"name\": {}}", "{\"name\": 7}"}) {
      for (String method : new String[] {"tools/call", "prompts/get", "resources/read"}) {
        String body =
            server
                .send(
                    post(
                        "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"%s\", \"params\": %s}"
                            .formatted(method, params)))
                .body();

        assertThat(body).as(body).contains("\"error\"").doesNotContain("io.modelcontextprotocol");
        assertThat(body).doesNotContain("Exception", "java.", "tools.jackson");
      }
    }
  }
}
