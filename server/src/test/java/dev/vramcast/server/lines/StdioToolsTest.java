package dev.vramcast.server.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.server.StdioTools;
import dev.vramcast.server.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages over two streams, as an assistant that started the process sends them. */
@Tag("slow")
class StdioToolsTest {

  private static final String PLAN =
      """
      {"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {%s"name": "plan", \
      "arguments": {"job": {"model": {"id": "llama-3.1-70b"}, "data": {"tokens": 100000000}}}}}
      """;

  private static final String WRITE =
      """
      {"jsonrpc": "2.0", "id": 6, "method": "tools/call", "params": {"name": "write", \
      "arguments": {"to": "axolotl", "files": [{"name": "train.py", "text": "%s"}]}}}
      """;

  private static final String SCRIPT =
      "from trl import SFTTrainer, SFTConfig\\nargs = SFTConfig(learning_rate=3e-4,"
          + " output_dir='out')\\nSFTTrainer(model='Qwen/Qwen2.5-0.5B', args=args)\\n";

  @Test
  void whoever_asks_how_far_a_plan_is_is_told_in_shares_that_grow() {
    List<JsonNode> told = answers(PLAN.formatted("\"_meta\": {\"progressToken\": \"p1\"}, "));
    List<JsonNode> notifications = told.stream().filter(message -> message.has("method")).toList();
    List<Double> shares =
        notifications.stream().map(note -> note.at("/params/progress").asDouble()).toList();

    assertThat(notifications)
        .isNotEmpty()
        .allMatch(note -> note.get("method").asString().equals("notifications/progress"))
        .allMatch(note -> note.at("/params/progressToken").asString().equals("p1"));
    assertThat(shares).isSorted().doesNotHaveDuplicates().allMatch(share -> share <= 1);
    assertThat(told.get(told.size() - 1).get("id").asInt()).isEqualTo(5);
  }

  @Test
  void whoever_does_not_ask_gets_the_answer_alone() {
    assertThat(answers(PLAN.formatted(""))).hasSize(1);
  }

  @Test
  void a_pasted_script_is_written_as_the_file_of_another_framework_as_a_whole() {
    JsonNode answer = answers(WRITE.formatted(SCRIPT)).get(0).get("result");
    String text = answer.at("/content/0/text").asString();

    assertThat(answer.get("isError").asBoolean()).as(text).isFalse();
    assertThat(text).contains("base_model: Qwen/Qwen2.5-0.5B", "optimizer: adamw_torch_fused");
    assertThat(text).doesNotContain("more lines: ask for less");
  }

  private static List<JsonNode> answers(String message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Clock clock = TestServer.SETTINGS.clock();
    new StdioTools()
        .run(
            new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
            out,
            Network.FORBIDDEN,
            clock,
            KeptPrices.NONE);
    return out.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> JsonMapper.shared().readTree(line))
        .toList();
  }
}
