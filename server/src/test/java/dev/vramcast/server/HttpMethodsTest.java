package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods and addresses as RFC 9110 has them, over a real connection. */
class HttpMethodsTest {

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
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET", "HEAD"})
  void an_operation_on_a_job_is_posted_alone(String method) {
    HttpResponse<String> response = method("/api/v1/estimate", method);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "POST"})
  void a_list_is_got_and_so_are_its_headers(String method) {
    HttpResponse<String> response = method("/api/v1/gpus", method);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow").orElseThrow().split(", *"))
        .containsExactlyInAnyOrder("GET", "HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/gpus?search=h100", "/health", "/", "/api/v1/gpus?search=h100x"})
  void head_is_get_without_a_body(String path) {
    HttpResponse<String> get = method(path, "GET");
    HttpResponse<String> head = method(path, "HEAD");

    assertThat(head.statusCode()).isEqualTo(get.statusCode());
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(get.headers().firstValue("Content-Type"));
    assertThat(head.body()).isEmpty();
  }

  @Test
  void no_header_turns_one_method_into_another() {
    HttpResponse<String> response =
        server.send(
            server
                .request("/api/v1/gpus?search=h100")
                .header("X-HTTP-Method-Override", "GET")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));

    assertThat(response.statusCode()).isEqualTo(405);
  }

  @Test
  void a_path_of_thousands_of_segments_leads_nowhere() throws Exception {
    assertThat(method("/a".repeat(2_000), "GET").statusCode()).isEqualTo(404);
    assertThat(method("/api/v1" + "/a".repeat(2_000), "GET").statusCode()).isEqualTo(404);
    assertThat(raw("GET " + "/..".repeat(2_000) + " HTTP/1.1")).containsAnyOf(" 404 ", " 400 ");
    assertThat(raw("GET /%2e%2e/%00 HTTP/1.1")).containsAnyOf(" 404 ", " 400 ");
  }

  private static HttpResponse<String> method(String path, String method) {
    return server.send(server.request(path).method(method, BodyPublishers.noBody()));
  }

  /** The first line of the answer to a request line that no client would send. */
  private static String raw(String line) throws Exception {
    URI address = URI.create(server.running().address());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      OutputStream out = socket.getOutputStream();
      String request =
          line + "\r\nHost: " + address.getAuthority() + "\r\nConnection: close\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(64), StandardCharsets.US_ASCII)
          .lines()
          .findFirst()
          .orElse("");
    }
  }
}
