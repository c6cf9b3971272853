package dev.vramcast.answers.page;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.schema.AnswerSchemas;
import dev.vramcast.answers.schema.RequestSchema;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What operations are asked, as types of TypeScript: read off the schemas that the OpenAPI document
 * is made of, so that a field which the API does not take does not compile.
 */
final class RequestTypes {

  private static final String OR = " | ";
  private static final String JOB = "JobDocument";

  private RequestTypes() {}

  /** A module that exports a request for each operation, and which answers it has. */
  static String of(List<Operation> operations) {
    String answers =
        operations.stream()
            .flatMap(operation -> AnswerSchemas.of(operation).stream())
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .map(name -> "\n  " + name + ',')
            .collect(Collectors.joining("", "import type {", "\n} from \"./answers.ts\";\n"));
    return PageSourcesTest.HEAD
        + answers
        + "import type { JobDocument } from \"../state/job.ts\";\n"
        + operations.stream().map(RequestTypes::request).collect(Collectors.joining())
        + table("Posted", "What is asked with a body", operations, false)
        + table("Listed", "What is asked with an address", operations, true);
  }

  /** All operations of the API. */
  static String all() {
    return of(Operations.ALL);
  }

  private static String request(Operation operation) {
    Map<String, Object> schema = RequestSchema.of(operation, Map.of("$ref", JOB));
    StringBuilder source = new StringBuilder("\n");
    source.append("/** ").append(schema.get("description")).append(" */\n");
    source.append("export interface ").append(name(operation)).append(" {\n");
    part(schema, "properties")
        .forEach(
            (field, property) -> {
              Map<?, ?> of = (Map<?, ?>) property;
              if (of.containsKey("description")) {
                source.append("  /** ").append(of.get("description")).append(" */\n");
              }
              String may = required(schema).contains(field) ? "" : "?";
              source.append("  readonly %s%s: %s;\n".formatted(field, may, type(of)));
            });
    return source.append("}\n").toString();
  }

  /** The requests and answers of operations by their names. */
  private static String table(
      String name, String description, List<Operation> operations, boolean listed) {
    return "\n/** %s, and what answers it. */\nexport interface %s {\n".formatted(description, name)
        + operations.stream()
            .filter(operation -> (operation.subject() == Subject.CATALOGUE) == listed)
            .map(
                operation ->
                    "  readonly %s: { readonly request: %s; readonly answer: %s };\n"
                        .formatted(
                            operation.name(),
                            name(operation),
                            String.join(OR, AnswerSchemas.of(operation))))
            .collect(Collectors.joining())
        + "}\n";
  }

  private static String name(Operation operation) {
    String name = operation.name();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + "Request";
  }

  private static String type(Map<?, ?> schema) {
    if (schema.get("$ref") instanceof String job) {
      return job;
    }
    if (schema.get("enum") instanceof List<?> words) {
      return words.stream().map(word -> "\"" + word + '"').collect(Collectors.joining(OR));
    }
    List<?> types =
        schema.get("type") instanceof List<?> several ? several : List.of(schema.get("type"));
    return types.stream().map(type -> type(type, schema)).collect(Collectors.joining(OR));
  }

  private static String type(Object type, Map<?, ?> schema) {
    return switch (String.valueOf(type)) {
      case "array" -> {
        String item = type(part(schema, "items"));
        yield "readonly " + (item.contains(OR) ? "(" + item + ")" : item) + "[]";
      }
      case "object" ->
          part(schema, "properties").entrySet().stream()
              .map(
                  each ->
                      "readonly %s%s: %s"
                          .formatted(
                              each.getKey(),
                              required(schema).contains(each.getKey()) ? "" : "?",
                              type((Map<?, ?>) each.getValue())))
              .collect(Collectors.joining("; ", "{ ", " }"));
      case "integer" -> "number";
      default -> String.valueOf(type);
    };
  }

  private static List<?> required(Map<?, ?> schema) {
    return schema.get("required") instanceof List<?> fields ? fields : List.of();
  }

  private static Map<?, ?> part(Map<?, ?> schema, String name) {
    return (Map<?, ?>) schema.get(name);
  }
}
