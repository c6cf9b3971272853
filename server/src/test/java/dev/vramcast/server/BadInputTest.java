package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import dev.vramcast.core.job.document.JobKey;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One bad input for each operation on each surface: the same parts, in the surface's own words. The
 * page's are in {@code web/test/problems.txt}, which its own test makes of the problems here.
 */
@Tag("slow")
class BadInputTest {

  private static final Path LINES =
      Path.of("src/test/resources/dev/vramcast/server/bad_input.golden");
  private static final Path PROBLEMS = Path.of("../web/test/problems.json");
  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");
  private static final Pattern KEY = Pattern.compile("\\b[a-z_]+\\.[a-z_.]+\\b");

  private static final String GPT2 = "'model':{'id':'gpt2'}";

  /** An operation, its arguments on a command line, and its fields. */
  private record Asked(String operation, String line, String fields) {}

  private static final List<Asked> ALL =
      List.of(
          new Asked(
              "estimate",
              "--offline --model gpt2 --micro-batch 0",
              "'job':{" + GPT2 + ",'batch':{'micro_batch':'0'}}"),
          new Asked(
              "fit",
              "--offline --model gpt2 --gpu l4 --headroom much",
              "'job':{" + GPT2 + ",'hardware':{'gpu':'l4'}},'headroom':'much'"),
          new Asked(
              "max",
              "--offline --model gpt2 --gpu l4 --batch --micro-batch 2",
              "'job':{"
                  + GPT2
                  + ",'hardware':{'gpu':'l4'},'batch':{'micro_batch':2}},'batch':true"),
          new Asked(
              "plan", "--offline --model gpt2 --budget 50", "'job':{" + GPT2 + "},'budget':'50'"),
          new Asked(
              "cost",
              "--offline --model gpt2 --tokens 1e6 --provider awz",
              "'job':{" + GPT2 + ",'data':{'tokens':1e6}},'provider':'awz'"),
          new Asked("prices", "--provider awz", "'provider':'awz'"),
          new Asked("gpus", "h100x", "'search':'h100x'"),
          new Asked("models", "llamma", "'search':'llamma'"),
          new Asked("guide", "--formt json", "'formt':'json'"),
          new Asked(
              "lint",
              "src/test/resources/dev/vramcast/server/axolotl.yml --as axolotel",
              "'files':[{'name':'axolotl.yml','text':'base_model: gpt2'}],'as':'axolotel'"),
          new Asked("write", "--offline --model gpt2 --rank 8", "'job':{" + GPT2 + "}"));

  @Test
  void there_is_one_for_each_operation() {
    assertThat(ALL)
        .extracting(Asked::operation)
        .containsExactlyInAnyOrderElementsOf(Operations.ALL.stream().map(Operation::name).toList());
  }

  @Test
  void each_surface_says_it_in_its_own_words() throws IOException {
    StringBuilder golden = new StringBuilder();
    List<String> problems = new ArrayList<>();
    try (TestServer server = TestServer.start();
        McpSyncClient client = McpClients.http(server)) {
      List<String> tools = client.listTools().tools().stream().map(Tool::name).toList();
      for (Asked asked : ALL) {
        String line = commandLine(asked);
        HttpResponse<String> response = http(server, asked);
        JsonNode problem = ErrorsTest.refused(response);
        String detail = problem.get("detail").asString();

        assertThat(keys(line)).as(line).isEmpty();
        assertThat(detail).doesNotContain("--", "vramcast ");
        golden.append(asked.operation).append('\n');
        golden.append("  command line  ").append(line).append('\n');
        golden.append("  API           ").append(detail).append('\n');
        golden.append("  field         ").append(problem.path("field").asString("")).append('\n');
        golden.append("  kind          ").append(problem.get("kind").asString()).append('\n');
        golden.append("  status        ").append(response.statusCode()).append('\n');
        String tool = "there is none";
        if (tools.contains(asked.operation)) {
          tool = tool(client, asked);
          assertThat(tool).isEqualTo(detail);
        }
        golden.append("  tool          ").append(tool).append('\n');
        problems.add(response.body().strip());
      }
    }
    held(LINES, golden.toString());
    held(PROBLEMS, "[\n" + String.join(",\n", problems) + "\n]\n");
  }

  private static List<String> keys(String line) {
    List<String> keys = new ArrayList<>();
    Matcher found = KEY.matcher(line);
    while (found.find()) {
      JobKey.ofPath(found.group()).map(JobKey::path).ifPresent(keys::add);
    }
    return keys;
  }

  private static void held(Path file, String text) throws IOException {
    if (REWRITE) {
      Files.writeString(file, text);
    }
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  private static String commandLine(Asked asked) {
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            new Environment(
                Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC), Map.of()));
    List<String> arguments = new ArrayList<>(List.of(asked.operation));
    arguments.addAll(Arrays.asList(asked.line.split(" ")));
    assertThat(Vramcast.run(arguments, console)).as(asked.operation).isEqualTo(2);
    assertThat(err.toString()).hasLineCount(1).startsWith("vramcast: ");
    return err.toString().strip();
  }

  private static HttpResponse<String> http(TestServer server, Asked asked) {
    String json = "{" + asked.fields.replace('\'', '"') + "}";
    boolean got = List.of("prices", "gpus", "models", "guide").contains(asked.operation);
    if (!got) {
      return server.post(asked.operation, json);
    }
    Map.Entry<?, ?> field = fields(json).entrySet().iterator().next();
    return server.get(Api.ROOT + asked.operation + "?" + field.getKey() + "=" + field.getValue());
  }

  private static String tool(McpSyncClient client, Asked asked) {
    Map<String, Object> fields = fields("{" + asked.fields.replace('\'', '"') + "}");
    return ((TextContent) McpClients.call(client, asked.operation, fields).content().get(0)).text();
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private static Map<String, Object> fields(String json) {
    return (Map<String, Object>) JsonMapper.builder().build().readValue(json, Map.class);
  }
}
