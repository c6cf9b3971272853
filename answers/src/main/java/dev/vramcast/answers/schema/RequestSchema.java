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
import java.util.stream.Collectors;

/** The JSON schema of the fields of an operation, as {@link FieldReader} takes them. */
public final class RequestSchema {

  /** A character that is no blank, as {@link String#isBlank} has it. */
  private static final String NOT_BLANK = "[^\\s\\u001c-\\u001f]";

  private static final String REQUIRED = "required";

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
    Map<String, Object> schema =
        Schemas.of(
            "type",
            "object",
            "description",
            operation.summary(),
            "additionalProperties",
            false,
            "properties",
            properties);
    if (operation.subject() == Subject.FILES) {
      schema.put(REQUIRED, List.of(FieldReader.FILES));
    }
    return schema;
  }

  /** The schema of one field. */
  public static Map<String, Object> parameter(Parameter parameter) {
    Map<String, Object> schema;
    if (parameter.kind() == Kind.FLAG) {
      schema = Schemas.of("type", "boolean", "default", false);
    } else {
      schema = parameter.isList() ? list(parameter.choices()) : one(parameter.choices());
    }
    schema.put("description", description(parameter));
    return schema;
  }

  /** A word of a closed list; or a text, or a number, which is taken as one. */
  private static Map<String, Object> one(List<String> choices) {
    if (!choices.isEmpty()) {
      return Schemas.of("type", "string", "enum", choices);
    }
    Map<String, Object> schema = Schemas.of("type", List.of("string", "number"));
    notBlank(schema);
    return schema;
  }

  /** Several of them: in a list, or in a text with commas between them. */
  private static Map<String, Object> list(List<String> choices) {
    Map<String, Object> items = one(choices);
    if (choices.isEmpty()) {
      Map<String, Object> schema =
          Schemas.of("type", List.of("string", "number", "array"), "minItems", 1, "items", items);
      notBlank(schema);
      return schema;
    }
    return Schemas.of(
        "type",
        List.of("string", "array"),
        "pattern",
        words(choices),
        "minItems",
        1,
        "items",
        items);
  }

  /** The pattern of a text that has such words, with commas between them. */
  private static String words(List<String> choices) {
    String any =
        choices.stream()
            .map(word -> word.replaceAll("[.+]", "\\\\$0"))
            .collect(Collectors.joining("|", "(", ")"));
    return "^" + any + "(," + any + ")*$";
  }

  /** The schema of a field that is no flag, in an address, where all is text. */
  public static Map<String, Object> inAddress(Parameter parameter) {
    List<String> choices = parameter.choices();
    Map<String, Object> schema = Schemas.of("type", "string");
    if (choices.isEmpty()) {
      notBlank(schema);
    } else if (parameter.isList()) {
      schema.put("pattern", words(choices));
    } else {
      schema.put("enum", choices);
    }
    return schema;
  }

  /** Says that strings hold more than blanks. */
  private static void notBlank(Map<String, Object> schema) {
    schema.put("minLength", 1);
    schema.put("maxLength", FieldReader.LONGEST);
    schema.put("pattern", NOT_BLANK);
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
            REQUIRED,
            List.of("name", "text"),
            "properties",
            Schemas.of(
                "name",
                Schemas.of(
                    "type", "string", "minLength", 1, "maxLength", 200, "pattern", NOT_BLANK),
                "text",
                text));
    return Schemas.of(
        "type",
        "array",
        "maxItems",
        20,
        "description",
        "A job document, or a framework's training files, by name and text; a name is for"
            + " messages and telling formats apart, and is never opened.",
        "items",
        file);
  }
}
