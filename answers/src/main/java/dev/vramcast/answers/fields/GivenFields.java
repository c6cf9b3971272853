package dev.vramcast.answers.fields;

import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.Parameter;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters that are given as fields.
 *
 * @param texts by field
 * @param flags by field
 */
record GivenFields(Map<String, String> texts, Map<String, Boolean> flags) implements Given {

  @Override
  public Optional<String> value(Parameter parameter) {
    return Optional.ofNullable(texts.get(parameter.field()));
  }

  @Override
  public boolean has(Parameter parameter) {
    return flags.getOrDefault(parameter.field(), false);
  }
}
