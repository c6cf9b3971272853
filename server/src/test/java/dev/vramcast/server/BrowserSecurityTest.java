package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.server.work.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps strangers and their pages out, and one client from taking all. */
@Tag("slow")
class BrowserSecurityTest {

  private static final Bounds HASTY =
      new Bounds(1, 2, Duration.ofMillis(300), Duration.ofMillis(300));

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health", "/api/v1/docs", "/api/v1/gpus", "/api/v1/x", "/x"})
  void every_answer_lets_a_browser_run_nothing_from_elsewhere(String path) {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response = server.get(path);

      assertThat(response.headers().firstValue("Content-Security-Policy"))
          .hasValue(
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                  + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'");
      assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
          .hasValue("same-origin");
      assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy"))
          .hasValue("same-origin");
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(response.headers().firstValue("Server")).isEmpty();
    }
  }

  @Test
  void no_other_origin_is_let_in() {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response =
          server.send(
              server
                  .request("/api/v1/estimate")
                  .header("Origin", "https://evil.example")
                  .header("Access-Control-Request-Method", "POST")
                  .method("OPTIONS", BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(response.headers().map().keySet())
          .noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8383", "127.0.0.1.evil.example", "[::2]"})
  void a_name_that_was_made_to_lead_here_is_refused(String host) throws IOException {
    try (TestServer server = TestServer.start()) {
      assertThat(raw(server, "GET /health HTTP/1.1\r\nHost: " + host + "\r\n" + END))
          .startsWith("HTTP/1.1 421 ")
          .contains("application/problem+json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:8383", "[::1]:80"})
  void the_names_of_this_machine_are_not(String host) throws IOException {
    try (TestServer server = TestServer.start()) {
      assertThat(raw(server, "GET /health HTTP/1.1\r\nHost: " + host + "\r\n" + END))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void any_name_is_taken_where_all_interfaces_are_listened_on() throws IOException {
    ServeSettings open = ServeSettings.usual(TestServer.CLOCK).withBind("0.0.0.0");
    try (TestServer server = TestServer.start(open)) {
      assertThat(raw(server, "GET /health HTTP/1.1\r\nHost: vramcast.example\r\n" + END))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void a_body_above_the_limit_is_refused_whether_it_says_so_or_not() {
    ServeSettings small =
        ServeSettings.usual(TestServer.CLOCK).withLimits(2_000, ServeSettings.USUAL_TIME_LIMIT);
    try (TestServer server = TestServer.start(small)) {
      String body = "{\"as\": \"" + "x".repeat(5_000) + "\"}";
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);

      ErrorsTest.problem(server.post("estimate", body), 413);
      ErrorsTest.problem(
          server.send(
              server
                  .request("/api/v1/estimate")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofByteArrays(List.of(bytes)))),
          413);
    }
  }

  @Test
  void long_headers_and_addresses_are_refused() throws IOException {
    try (TestServer server = TestServer.start()) {
      assertThat(raw(server, "GET /health HTTP/1.1\r\nA: " + "x".repeat(20_000) + "\r\n" + LOCAL))
          .startsWith("HTTP/1.1 431 ")
          .contains("application/problem+json");
      assertThat(raw(server, "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n" + LOCAL))
          .startsWith("HTTP/1.1 414 ");
      assertThat(raw(server, "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../pom.xml", "/%2e%2e/pom.xml", "/..%2fpom.xml", "/dev//x", "/a\\b"})
  void no_path_leads_out_of_the_page(String path) throws IOException {
    try (TestServer server = TestServer.start()) {
      assertThat(raw(server, "GET " + path + " HTTP/1.1\r\n" + LOCAL))
          .containsPattern("^HTTP/1.1 4\\d\\d ")
          .doesNotContain("<project");
    }
  }

  @Test
  void whoever_sends_headers_or_a_body_drop_by_drop_is_cut_off() throws IOException {
    try (TestServer server = TestServer.start(TestServer.SETTINGS, HASTY)) {
      assertThat(raw(server, "GET /health HTTP/1.1\r\nHost: local")).doesNotContain("200");
      assertThat(
              raw(
                  server,
                  "POST /api/v1/estimate HTTP/1.1\r\nContent-Type: application/json\r\n"
                      + "Content-Length: 100\r\nHost: localhost\r\n\r\n{"))
          .doesNotContain("200");
    }
  }

  private static final String END = "Connection: close\r\n\r\n";
  private static final String LOCAL = "Host: localhost\r\n" + END;

  /** What comes back for such bytes until the server ends the connection. */
  private static String raw(TestServer server, String request) throws IOException {
    URI address = URI.create(server.running().address());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", address.getPort()));
      socket.setSoTimeout(15_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
