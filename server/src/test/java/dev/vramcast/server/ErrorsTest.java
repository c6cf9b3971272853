package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.server.work.Problem;
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
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every refusal is a problem that names the field. */
class ErrorsTest {

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
  @CsvFileSource(resources = "refused.txt", delimiter = '|', quoteCharacter = '"')
  void of_what_is_asked_about_a_job(String operation, String fields, String field, String detail) {
    HttpResponse<String> response = server.post(operation, "{" + fields.replace('\'', '"') + "}");

    JsonNode problem = refused(response);
    assertThat(problem.get("detail").asString()).contains(detail).doesNotContain("--");
    assertThat(problem.has("field") ? problem.get("field").asString() : null).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "refused_addresses.txt", delimiter = '|', quoteCharacter = '"')
  void of_what_is_asked_by_an_address(String address, String field, String detail) {
    JsonNode problem = refused(server.get(Api.ROOT + address));

    assertThat(problem.get("detail").asString()).contains(detail).doesNotContain("--");
    assertThat(problem.get("field").asString()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[]",
        "1",
        "null",
        "{}{}",
        "{\"a\": 1, \"a\": 2}",
        "{\"job\": {\"method\": \"lora\", \"method\": \"full\"}}",
        "{\"saves\": NaN}",
        "{\"saves\": Infinity}",
        "{\"saves\": 0x10}",
        "{'saves': 1}",
        "{\"saves\": 1,}",
        "{\"saves\": null}",
        "{\"job\": null}",
        "{\"job\": {\"model\": {\"config\": {\"hidden_size\": 1e400}}}}",
        "job: {}",
        "\u0000"
      })
  void of_what_is_no_json_object_of_fields(String body) {
    problem(server.post("estimate", body), 400);
  }

  @Test
  void of_fields_in_the_address_of_what_has_a_body() {
    JsonNode problem = problem(server.post("estimate?params=7B", "{\"params\": \"1B\"}"), 400);

    assertThat(problem.get("detail").asString()).contains("'params=7B'", "in the body");
  }

  @Test
  void of_nesting_that_is_too_deep() {
    String deep = "[".repeat(5_000) + "]".repeat(5_000);

    JsonNode problem = problem(server.post("estimate", "{\"job\": " + deep + "}"), 400);

    assertThat(problem.get("detail").asString()).contains("levels deep");
  }

  @Test
  void of_numbers_that_are_too_long() {
    problem(server.post("estimate", "{\"saves\": " + "9".repeat(100_000) + "}"), 400);
  }

  @Test
  void of_bytes_that_are_not_utf_8() {
    byte[] latin = "{\"as\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

    JsonNode problem =
        problem(
            server.send(
                server
                    .request("/api/v1/estimate")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(latin))),
            400);

    assertThat(problem.get("detail").asString()).contains("not UTF-8");
  }

  @Test
  void of_a_path_that_is_not_there() {
    problem(server.get("/api/v1/estimte"), 404);
    problem(server.get("/nothing/here"), 404);
    problem(server.post("estimte", "{}"), 404);
  }

  @Test
  void of_another_method_with_those_that_are_allowed() {
    HttpResponse<String> get = server.get("/api/v1/estimate");
    HttpResponse<String> post = server.post("gpus", "{}");
    HttpResponse<String> delete = server.send(server.request("/api/v1/fit").DELETE());

    problem(get, 405);
    problem(post, 405);
    problem(delete, 405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
    assertThat(post.headers().firstValue("Allow").orElseThrow()).contains("GET", "HEAD");
  }

  @Test
  void of_headers_alone_as_of_all_of_it() {
    HttpResponse<String> gpus = head("/api/v1/gpus");

    assertThat(gpus.statusCode()).isEqualTo(200);
    assertThat(gpus.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(gpus.body()).isEmpty();
    assertThat(head("/api/v1/gpus?serch=x").statusCode()).isEqualTo(400);
    assertThat(head("/api/v1/gpus?search=h100x").statusCode()).isEqualTo(422);
    assertThat(head("/api/v1/estimate").statusCode()).isEqualTo(405);
    assertThat(head("/health").statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> head(String path) {
    return server.send(server.request(path).method("HEAD", BodyPublishers.noBody()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16"
      })
  void of_a_body_of_another_type(String type) {
    problem(
        server.send(
            server
                .request("/api/v1/estimate")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{}"))),
        415);
  }

  @Test
  void of_a_compressed_body() {
    problem(
        server.send(
            server
                .request("/api/v1/estimate")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}"))),
        415);
  }

  /** Of 400 where the request is not as described, of 422 where it is. */
  static JsonNode refused(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
    return problem(response, response.statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"hedroom\": 1} | 400",
        "{\"job\": {\"batch\": {\"micro_batch\": 0}}} | 400",
        "{\"job\": {\"batch\": {\"micro_batch\": 1.5}}} | 400",
        "{\"job\": {\"model\": {\"id\": \"gpt3\"}}} | 422",
        "{\"headroom\": 1e999999999} | 422",
        "{\"job\": {\"data\": {\"lengths\": \"p50=9,max=3\"}}} | 422",
        "{\"job\": {\"hardware\": {\"gpu\": \"h1000\"}}} | 422",
        "{\"files\": [{\"name\": \"a.yml\", \"text\": \"a: [\"}]} | 422"
      })
  void of_what_is_not_as_described_apart_from_what_is_but_cannot_be_used(String asked) {
    String[] sides = asked.split(" \\| ");
    problem(server.post("fit", sides[0]), Integer.parseInt(sides[1]));
  }

  static JsonNode problem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    JsonNode problem = TestServer.json(response);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("type").asString()).isEqualTo("about:blank");
    assertThat(problem.get("title").asString()).isEqualTo(Problem.TITLES.get(status));
    assertThat(problem.get("detail").asString()).isNotBlank().hasLineCount(1);
    return problem;
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
