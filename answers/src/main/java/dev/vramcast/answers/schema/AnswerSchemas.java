package dev.vramcast.answers.schema;

import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.record.Keys;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.text.NoRoomRecord;
import dev.vramcast.answers.text.NotModelledRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON schemas of answers and of the records in them. */
public final class AnswerSchemas {

  private AnswerSchemas() {}

  /**
   * All schemas by name; they refer to each other, and to {@code Job}, under a prefix.
   *
   * @param more records that a surface tells beside answers
   */
  public static Map<String, Object> all(List<Class<? extends Record>> more) {
    Map<String, Object> schemas = new LinkedHashMap<>();
    records(more).all().forEach((name, keys) -> schemas.put(name, RecordSchema.of(keys)));
    return schemas;
  }

  /** The records of all answers and of refusals, by the names of their schemas. */
  public static RecordNames records() {
    return records(List.of());
  }

  private static RecordNames records(List<Class<? extends Record>> more) {
    List<Keys> all = new ArrayList<>();
    Operations.ALL.forEach(operation -> all.addAll(kinds(operation)));
    all.add(Keys.of(ProblemRecord.class));
    more.forEach(record -> all.add(Keys.of(record)));
    return RecordNames.of(all);
  }

  /** The name of the schema of a record. */
  public static String name(Class<? extends Record> record) {
    return RecordNames.name(Keys.of(record));
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
      kinds.add(Keys.of(NoRoomRecord.class));
    }
    return kinds;
  }
}
