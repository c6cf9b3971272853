package dev.vramcast.server;

import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Kind;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The fields in the query of an address. */
final class QueryFields {

  private QueryFields() {}

  /** The fields; what is no flag is text. */
  static Map<String, Object> of(Operation operation, Map<String, List<String>> query) {
    Set<String> flags =
        FieldReader.parameters(operation).stream()
            .filter(parameter -> parameter.kind() == Kind.FLAG)
            .map(Parameter::field)
            .collect(Collectors.toSet());
    Map<String, Object> fields = new LinkedHashMap<>();
    query.forEach((name, values) -> fields.put(name, value(name, values, flags.contains(name))));
    return fields;
  }

  private static Object value(String name, List<String> values, boolean flag) {
    if (values.size() != 1) {
      throw InputError.about(new Subject.Item(name))
          .and(" is given twice")
          .allowed("once")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    String text = values.get(0);
    boolean known = text.equals("true") || text.equals("false");
    return flag && known ? (Object) Boolean.valueOf(text) : text;
  }
}
