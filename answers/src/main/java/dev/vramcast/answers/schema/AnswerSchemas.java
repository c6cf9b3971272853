package dev.vramcast.answers.schema;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.formats.tree.NodeParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The JSON schemas of answers and of their parts; tests hold real answers against them. */
public final class AnswerSchemas {

  private static final String RESOURCE = "answers.json";

  /** The schemas of what each operation may answer. */
  private static final Map<String, List<String>> NAMES =
      Map.ofEntries(
          Map.entry("estimate", List.of("Estimate", "RuleOfThumb")),
          Map.entry("fit", List.of("Fit")),
          Map.entry("max", List.of("Limit", "ModelsThatFit")),
          Map.entry("plan", List.of("Plan")),
          Map.entry("lint", List.of("Lint")),
          Map.entry("models", List.of("Models")),
          Map.entry("gpus", List.of("Gpus")),
          Map.entry("prices", List.of("Prices")),
          Map.entry("cost", List.of("Cost")),
          Map.entry("write", List.of("Files")),
          Map.entry("guide", List.of("Guide")));

  private AnswerSchemas() {}

  /** All schemas by name; they refer to each other, and to {@code Job}, under a prefix. */
  public static Map<String, Object> all() {
    try (InputStream in = AnswerSchemas.class.getResourceAsStream(RESOURCE)) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return map(Objects.requireNonNull(NodeParser.parse(text, RESOURCE).value()));
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }

  /** The names of the schemas of what an operation may answer. */
  public static List<String> of(Operation operation) {
    List<String> names = new ArrayList<>(Objects.requireNonNull(NAMES.get(operation.name())));
    if (operation.subject() == Subject.JOB) {
      names.add("NotModelled");
    }
    return names;
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
