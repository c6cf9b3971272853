package dev.vramcast.answers.schema;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.record.Keys;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.text.NotModelledRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON schemas of answers and of the records in them. */
public final class AnswerSchemas {

  private AnswerSchemas() {}

  /** All schemas by name; they refer to each other, and to {@code Job}, under a prefix. */
  public static Map<String, Object> all() {
    Map<String, Object> schemas = new LinkedHashMap<>();
    records().all().forEach((name, keys) -> schemas.put(name, RecordSchema.of(keys)));
    return schemas;
  }

  /** The records of all answers, by the names of their schemas. */
  public static RecordNames records() {
    List<Keys> answers = new ArrayList<>();
    Operations.ALL.forEach(operation -> answers.addAll(kinds(operation)));
    return RecordNames.of(answers);
  }

  /** The names of the schemas of what an operation may answer. */
  public static List<String> of(Operation operation) {
    return kinds(operation).stream().map(RecordNames::name).toList();
  }

  private static List<Keys> kinds(Operation operation) {
    List<Keys> kinds = new ArrayList<>();
    operation.answers().forEach(record -> kinds.add(Keys.of(record)));
    if (operation.subject() == Subject.JOB) {
      kinds.add(Keys.of(NotModelledRecord.class));
    }
    return kinds;
  }
}
