package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.input.tree.NodeParser;
import io.modelcontextprotocol.client.McpSyncClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the page on assistants shows is what the tools say; rewritten as the golden files are. */
@Tag("slow")
class McpDocumentTest {

  private static final Path PAGE = Path.of("../docs/mcp.md");
  private static final boolean REWRITE = Boolean.getBoolean("vramcast.golden.rewrite");
  private static final Pattern SHOWN_CALL =
      Pattern.compile("```text\n([a-z]+) (\\{.*})\n\n((?s:.*?))```");

  /** Stands for the lines that follow. */
  private static final String MORE = "...";

  @Test
  void shown_answers_are_those_of_the_tools() throws IOException {
    String text = Files.readString(PAGE);
    String actual;
    try (TestServer server = TestServer.start();
        McpSyncClient client = McpClients.http(server)) {
      actual = SHOWN_CALL.matcher(text).replaceAll(shown -> shown(shown, client));
    }
    if (REWRITE) {
      Files.writeString(PAGE, actual);
    }

    assertThat(SHOWN_CALL.matcher(text).results()).hasSize(5);
    assertThat(actual).isEqualTo(Files.readString(PAGE));
  }

  private static String shown(MatchResult shown, McpSyncClient client) {
    Map<?, ?> arguments = (Map<?, ?>) NodeParser.parse(shown.group(2), "call.json").value();
    List<String> answer =
        McpClients.text(McpClients.call(client, shown.group(1), strings(arguments)))
            .lines()
            .toList();
    List<String> before = shown.group(3).lines().toList();
    boolean cut = !before.isEmpty() && before.get(before.size() - 1).equals(MORE);
    String lines =
        cut
            ? String.join("\n", answer.subList(0, before.size() - 1)) + "\n" + MORE
            : String.join("\n", answer);
    return Matcher.quoteReplacement(
        "```text\n" + shown.group(1) + " " + shown.group(2) + "\n\n" + lines + "\n```");
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private static Map<String, Object> strings(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
