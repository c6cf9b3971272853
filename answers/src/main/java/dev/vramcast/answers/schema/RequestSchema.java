package dev.vramcast.answers.schema;

import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Kind;
import dev.vramcast.answers.words.ProgramWords;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON schema of the fields of an operation, as {@link FieldReader} takes them. */
public final class RequestSchema {

  private RequestSchema() {}

  /**
   * The schema.
   *
   * @param job the schema of a job, or a reference to it
   */
  public static Map<String, Object> of(Operation operation, Map<String, Object> job) {
    Map<String, Object> properties = new LinkedHashMap<>();
    if (operation.subject() == Subject.JOB) {
      properties.put(FieldReader.JOB, job);
    }
    if (operation.subject() != Subject.CATALOGUE) {
      properties.put(FieldReader.FILES, files());
    }
    for (Parameter parameter : FieldReader.parameters(operation)) {
      properties.put(parameter.field(), parameter(parameter));
    }
    return Schemas.of(
        "type",
        "object",
        "description",
        operation.summary(),
        "additionalProperties",
        false,
        "properties",
        properties);
  }

  /** The schema of one field. */
  public static Map<String, Object> parameter(Parameter parameter) {
    Map<String, Object> schema;
    if (parameter.kind() == Kind.FLAG) {
      schema = Schemas.of("type", "boolean", "default", false);
    } else if (parameter.label().endsWith(",...")) {
      schema =
          Schemas.of("type", List.of("string", "number", "array"), "minItems", 1, "items", text());
      notBlank(schema);
    } else {
      schema = text();
    }
    schema.put("description", description(parameter));
    return schema;
  }

  /** A text, or a number, which is taken as one. */
  private static Map<String, Object> text() {
    Map<String, Object> schema = Schemas.of("type", List.of("string", "number"));
    notBlank(schema);
    return schema;
  }

  /** Says that strings hold more than blanks. */
  public static void notBlank(Map<String, Object> schema) {
    schema.put("minLength", 1);
    schema.put("pattern", "\\S");
  }

  private static String description(Parameter parameter) {
    return parameter.description(ProgramWords.ALL);
  }

  private static Map<String, Object> files() {
    Map<String, Object> text = Schemas.of("type", "string");
    Map<String, Object> file =
        Schemas.of(
            "type",
            "object",
            "additionalProperties",
            false,
            "required",
            List.of("name", "text"),
            "properties",
            Schemas.of(
                "name",
                Schemas.of("type", "string", "minLength", 1, "maxLength", 200),
                "text",
                text));
    return Schemas.of(
        "type",
        "array",
        "maxItems",
        20,
        "description",
        "A job document, or the training files of a framework, by name and text; a name is for"
            + " messages and for telling formats apart, and is never opened.",
        "items",
        file);
  }
}
