package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is not modelled, and what is warned of, on each surface in its own words. The page's are in
 * {@code web/test/notices.txt}, which its own test makes of the answers here.
 */
@Tag("slow")
class NoticesTest {

  private static final Path LINES =
      Path.of("src/test/resources/dev/vramcast/server/notices.golden");
  private static final Path NOTICES = Path.of("../web/test/notices.json");
  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");

  private static final Map<String, Object> MODEL = Map.of("id", "gpt2");

  @Test
  void each_surface_says_it_in_its_own_words() throws IOException {
    StringBuilder golden = new StringBuilder();
    List<String> notices = new ArrayList<>();
    try (TestServer server = TestServer.start();
        McpSyncClient client = McpClients.http(server)) {
      Map<String, Object> unmodelled =
          Map.of("model", MODEL, "quantized_training", Map.of("scheme", "mxfp8"));
      String reason = line("--quantized-training mxfp8", 4, true);
      JsonNode verdict = TestServer.json(post(server, unmodelled));
      golden.append("not modelled\n  command line  ").append(reason).append('\n');
      golden.append("  API           ").append(verdict.get("reason").asString()).append('\n');
      golden.append("  tool          ").append(tool(client, unmodelled, "· ")).append('\n');
      notices.add(verdict.get("notice").toString());

      Map<String, Object> warned =
          Map.of("model", MODEL, "method", "full", "lora", Map.of("rank", 8));
      String warning = line("--method full --rank 8", 0, false);
      JsonNode answer = TestServer.json(post(server, warned));
      golden.append("warning\n  command line  ").append(warning).append('\n');
      golden.append("  API           ").append(answer.at("/warnings/0").asString()).append('\n');
      golden.append("  tool          ").append(tool(client, warned, "Warning: ")).append('\n');
      notices.add(answer.at("/notices/0").toString());

      assertThat(reason + warning).doesNotContain("quantized_training.scheme", "lora.rank");
      assertThat(verdict.get("reason").asString() + answer.at("/warnings/0").asString())
          .doesNotContain("--");
    }
    held(LINES, golden.toString());
    held(NOTICES, "[\n" + String.join(",\n", notices) + "\n]\n");
  }

  private static String line(String flags, int code, boolean printed) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            Environment.ofProcess());
    List<String> arguments = new ArrayList<>(List.of("estimate", "--offline", "--model", "gpt2"));
    arguments.addAll(List.of(flags.split(" ")));
    assertThat(Vramcast.run(arguments, console)).isEqualTo(code);
    return (printed ? after(out.toString(), "· ") : err.toString()).strip();
  }

  private static HttpResponse<String> post(TestServer server, Map<String, Object> job) {
    return server.post(
        "estimate", JsonMapper.builder().build().writeValueAsString(Map.of("job", job)));
  }

  private static String tool(McpSyncClient client, Map<String, Object> job, String before) {
    Object content = McpClients.call(client, "estimate", Map.of("job", job)).content().get(0);
    return after(((TextContent) content).text(), before).strip();
  }

  private static String after(String text, String before) {
    return text.substring(text.lastIndexOf(before) + before.length());
  }

  private static void held(Path file, String text) throws IOException {
    if (REWRITE) {
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file)).isEqualTo(text);
  }
}
