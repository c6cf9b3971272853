package dev.vramcast.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.server.work.Bounds;
import dev.vramcast.server.work.Rehearsal;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Too much at once, or too much for one: a refusal, and never a hang. */
@Timeout(300)
@Tag("slow")
class OverloadTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String HEAVY =
      "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"data\": {\"tokens\": 1e8}},"
          + " \"methods\": \"full,lora,qlora\", \"all\": true, \"by\": \"cost\"}";

  @Test
  void many_at_once_are_answered_or_refused_and_what_is_quick_still_answers() {
    ServeSettings patient = TestServer.SETTINGS.withLimits(1 << 20, Duration.ofSeconds(100));
    try (TestServer server = TestServer.start(patient, new Bounds(1, 1, LONG, LONG))) {
      List<CompletableFuture<HttpResponse<String>>> all =
          Stream.generate(() -> plan(server)).limit(12).toList();

      assertThat(server.get("/health").statusCode()).isEqualTo(200);
      List<HttpResponse<String>> answers = all.stream().map(CompletableFuture::join).toList();
      List<HttpResponse<String>> refused =
          answers.stream().filter(answer -> answer.statusCode() != 200).toList();
      assertThat(refused).isNotEmpty().hasSizeLessThan(12);
      for (HttpResponse<String> answer : refused) {
        ErrorsTest.problem(answer, 503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
      }
    }
  }

  @Test
  void a_plan_that_takes_too_long_ends_and_so_does_its_computation() throws InterruptedException {
    ServeSettings hasty = TestServer.SETTINGS.withLimits(1 << 20, Duration.ofMillis(20));
    try (TestServer server = TestServer.start(hasty)) {
      ErrorsTest.problem(server.post("plan", HEAVY), 503);

      for (int i = 0; i < 100 && !isIdle(server); i++) {
        Thread.sleep(100);
      }
      assertThat(isIdle(server)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "lint"})
  void what_else_takes_too_long_ends_too(String operation) throws InterruptedException {
    ServeSettings hasty = TestServer.SETTINGS.withLimits(1 << 20, Duration.ofMillis(500));
    try (TestServer server = TestServer.start(hasty)) {
      ErrorsTest.problem(server.post(operation, JsonText.of(endless(operation))), 503);

      for (int i = 0; i < 50 && !isIdle(server); i++) {
        Thread.sleep(100);
      }
      assertThat(isIdle(server)).isTrue();
    }
  }

  /** A model of very many layers, or a file of very many unknown keys. */
  private static Map<String, Object> endless(String operation) {
    Map<String, Object> config =
        Map.of(
            "model_type", "llama",
            "hidden_size", 64,
            "num_hidden_layers", 10_000,
            "num_attention_heads", 2,
            "intermediate_size", 128,
            "vocab_size", 100);
    StringBuilder keys = new StringBuilder("base_model: gpt2\nadapter: lora\n");
    IntStream.range(0, 50_000).forEach(i -> keys.append("kexx_").append(i).append(": 1\n"));
    return operation.equals("lint")
        ? Map.of("files", List.of(Map.of("name", "a.yml", "text", keys.toString())))
        : Map.of(
            "job",
            Map.of(
                "method", "full",
                "hardware", Map.of("gpu", "h100"),
                "model", Map.of("config", config)));
  }

  @Test
  void metrics_count_requests_by_operation_and_status() {
    try (TestServer server = TestServer.start()) {
      server.post("estimate", "{}");
      server.get("/api/v1/gpus?search=h100");
      server.get("/nothing");
      String metrics = server.get("/metrics").body();

      assertThat(metrics)
          .contains("vramcast_requests_total{operation=\"estimate\",status=\"422\"} 1.0")
          .contains("vramcast_requests_total{operation=\"gpus\",status=\"200\"} 1.0")
          .contains("vramcast_requests_total{operation=\"other\",status=\"404\"} 1.0")
          .contains("vramcast_request_duration_seconds_count{operation=\"gpus\"} 1")
          .contains("vramcast_computations_waiting 0.0")
          .contains("jvm_memory_used_bytes");
    }
  }

  @Test
  void a_request_lasts_from_its_first_byte_on() throws Exception {
    try (TestServer server = TestServer.start()) {
      int port = server.request("/").build().uri().getPort();
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.getOutputStream().write("GET /nothing HTTP/1.1\r\n".getBytes(US_ASCII));
        socket.getOutputStream().flush();
        Thread.sleep(600);
        socket
            .getOutputStream()
            .write("Host: localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).contains(" 404 ");
      }
      assertThat(server.get("/metrics").body())
          .contains("vramcast_request_duration_seconds_bucket{operation=\"other\",le=\"0.5\"} 0");
    }
  }

  @Test
  void health_tells_the_version() {
    try (TestServer server = TestServer.start()) {
      assertThat(TestServer.json(server.get("/health")).get("status").asString()).isEqualTo("ok");
      assertThat(TestServer.json(server.get("/health")).get("vramcast_version").asString())
          .matches("\\d+\\.\\d+\\.\\d+");
    }
  }

  @Test
  void what_reads_from_connections_waits_for_no_handler_and_so_answers_health() {
    try (TestServer server = TestServer.start()) {
      RunningServer running = (RunningServer) server.running();
      assertThat(running.app().jettyServer().server().getInvocationType())
          .isEqualTo(InvocationType.NON_BLOCKING);
      assertThat(server.get("/health").headers().map())
          .containsEntry("X-Content-Type-Options", List.of("nosniff"))
          .containsEntry("Content-Type", List.of("application/json"));
    }
  }

  @Test
  void a_rehearsal_is_answered_whole() {
    try (TestServer server = TestServer.start()) {
      Rehearsal.ask(((RunningServer) server.running()).app().port(), 60_000);

      assertThat(server.get("/metrics").body())
          .contains("vramcast_request_duration_seconds_count{operation=\"estimate\"} 1040")
          .contains("vramcast_requests_total{operation=\"other\",status=\"200\"} 1024.0");
    }
  }

  private static boolean isIdle(TestServer server) {
    return server.get("/metrics").body().contains("vramcast_computations_running 0.0");
  }

  private static CompletableFuture<HttpResponse<String>> plan(TestServer server) {
    return server
        .client()
        .sendAsync(
            server
                .request("/api/v1/plan")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(HEAVY))
                .build(),
            BodyHandlers.ofString());
  }
}
