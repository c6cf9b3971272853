package dev.vramcast.server.mcp;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.FieldWords;
import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.write.FilesAnswer;
import dev.vramcast.core.input.Words;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tool says.
 *
 * @param text for whoever reads
 * @param structured for programs; empty when the tool failed
 * @param problem why it failed, in parts; empty when it did not
 */
public record ToolAnswer(
    String text, Optional<Map<String, Object>> structured, Optional<ProblemRecord> problem) {

  /** The key of what is told beside a refusal, which has the parts that the API's problems have. */
  static final String PROBLEM = "problem";

  /** More lines than these would crowd out the conversation. */
  static final int MOST_LINES = 40;

  private static final Terminal PLAIN = new Terminal(120, false, true, false, Words.DOCUMENT);

  /**
   * Answers.
   *
   * @throws dev.vramcast.core.input.InputException when something that is given cannot be used
   */
  static ToolAnswer of(Operation operation, Map<String, Object> arguments, RemoteContext asker) {
    Answer answer = operation.verdict(FieldReader.call(operation, arguments, asker));
    Words words = new FieldWords(operation);
    List<String> lines = new ArrayList<>(lines(answer, answer.brief(PLAIN.saying(words))));
    if (!answer.asides().isEmpty()) {
      lines.add("");
      answer.asides().forEach(warning -> lines.add("Warning: " + warning.line(words)));
    }
    return new ToolAnswer(
        String.join("\n", lines),
        Optional.of(CompactJson.of(answer.json(Version.current()))),
        Optional.empty());
  }

  static ToolAnswer failure(ProblemRecord problem) {
    return new ToolAnswer(problem.detail(), Optional.empty(), Optional.of(problem));
  }

  /** As the protocol has it. */
  CallToolResult result() {
    CallToolResult.Builder result =
        CallToolResult.builder()
            .content(List.of(TextContent.builder(text).build()))
            .isError(structured.isEmpty());
    structured.ifPresent(result::structuredContent);
    problem.ifPresent(told -> result.meta(Map.of(PROBLEM, RecordJson.of(told))));
    return result.build();
  }

  /** Files are what was asked for, so nothing is left out of them. */
  private static List<String> lines(Answer answer, List<String> lines) {
    return answer instanceof FilesAnswer ? lines : shortened(lines);
  }

  private static List<String> shortened(List<String> lines) {
    if (lines.size() <= MOST_LINES) {
      return lines;
    }
    List<String> some = new ArrayList<>(lines.subList(0, MOST_LINES - 1));
    some.add("  ... and " + (lines.size() - some.size()) + " more lines: ask for less");
    return some;
  }
}
