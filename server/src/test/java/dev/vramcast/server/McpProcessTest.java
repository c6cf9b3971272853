package dev.vramcast.server;

import static dev.vramcast.server.McpClients.JOB;
import static dev.vramcast.server.McpClients.call;
import static dev.vramcast.server.McpClients.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.serve.ServeSettings;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vramcast mcp} as a process of its own, as an assistant starts it. */
@Tag("slow")
class McpProcessTest {

  private static final String CALL =
      "{\"jsonrpc\": \"2.0\", \"id\": \"%s\", \"method\": \"tools/call\", \"params\":"
          + " {\"name\": \"%s\", \"arguments\": %s}}\n";
  private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": %d, \"method\": \"ping\"}\n";

  @TempDir private Path folder;

  @Test
  void an_assistant_starts_it_asks_and_ends_it() {
    try (McpSyncClient client = McpClients.stdio()) {
      CallToolResult good = call(client, "fit", Map.of("job", JOB));
      CallToolResult bad = call(client, "fit", Map.of("job", Map.of("lora.rank", 0)));

      assertThat(client.getServerInfo().name()).isEqualTo("vramcast");
      assertThat(client.listTools().tools()).hasSize(10);
      assertThat(good.isError()).isFalse();
      assertThat(text(good)).contains("fits one L4");
      assertThat(bad.isError()).isTrue();
      assertThat(text(bad)).isEqualTo("lora.rank is 0, allowed: a whole number from 1 to 65536");
    }
  }

  @Test
  void it_goes_on_after_what_is_no_message_and_ends_with_its_input() throws Exception {
    String huge = "{\"jsonrpc\": \"" + "x".repeat(2 * ServeSettings.USUAL_BODY_BYTES) + "\"}\n";
    String input =
        "no message\n\n[]\n"
            + huge
            + "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/unknown\"}\n"
            + "{\"jsonrpc\": \"2.0\", \"id\": 8, \"method\": \"no/such\"}\r\n"
            + PING.formatted(9)
            + CALL.formatted("last", "gpus", "{\"search\": \"l4\"}").stripTrailing();

    List<JsonNode> answers = run(input);

    assertThat(answers)
        .extracting(answer -> answer.at("/id").asString("") + answer.at("/error/code").asString(""))
        .containsExactlyInAnyOrder("-32700", "-32600", "-32600", "8-32601", "9", "last");
    assertThat(answers.get(2).at("/error/message").asString()).contains("longer than 1048576");
    assertThat(answers)
        .filteredOn(answer -> answer.at("/id").asString("").equals("last"))
        .allSatisfy(
            answer -> assertThat(answer.at("/result/content/0/text").asString()).contains("L4"));
  }

  @Test
  void what_a_client_says_is_neither_logged_nor_quoted_at_length() throws Exception {
    String much = "x".repeat(100_000) + "\\u001b[31m";
    String hello =
        "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\", \"params\": {"
            + "\"protocolVersion\": \"2025-06-18\", \"capabilities\": {}, \"clientInfo\":"
            + " {\"name\": \"x\\u001b[31mEVIL\\nfake\", \"version\": \"1\"}}}\n";
    String asked = "{\"jsonrpc\": \"2.0\", \"id\": %d, \"method\": \"%s\", \"params\": {%s}}\n";

    List<JsonNode> answers =
        run(
            hello
                + asked.formatted(2, much, "")
                + asked.formatted(3, "prompts/get", "\"name\": \"" + much + "\"")
                + asked.formatted(4, "resources/read", "\"uri\": \"" + much + "\"")
                + asked.formatted(5, "tools/call", "\"name\": \"" + much + "\"")
                + CALL.formatted(6, "fit", "[]"));

    assertThat(answers).hasSize(6);
    assertThat(answers.subList(1, 6))
        .allSatisfy(
            answer ->
                assertThat(answer.at("/error").toString())
                    .hasSizeLessThan(1_000)
                    .doesNotContain("u001b", "u001B"));
    assertThat(answers.toString()).contains("arguments is a list of 0, allowed: an object");
  }

  @Test
  void a_request_that_is_cancelled_is_not_answered() throws Exception {
    String job = "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"data\": {\"tokens\": 1e9}}}";
    String cancelled =
        "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\":"
            + " {\"requestId\": \"slow\"}}\n";

    List<JsonNode> answers =
        run(CALL.formatted("slow", "plan", job) + cancelled + PING.formatted(1));

    assertThat(answers).hasSize(1);
    assertThat(answers.get(0).at("/id").asInt()).isEqualTo(1);
  }

  /** The lines of standard output, each of which is a message; standard error stays empty. */
  private List<JsonNode> run(String input) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(McpClients.command())
            .redirectOutput(Redirect.to(out.toFile()))
            .redirectError(Redirect.to(err.toFile()))
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(err).isEmptyFile();
    JsonMapper mapper = JsonMapper.builder().build();
    return Files.readAllLines(out).stream().map(mapper::readTree).toList();
  }
}
