package dev.vramcast.answers.fields;

import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.input.InputError;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.stream.Collectors;

/** What a field holds, as the text that stands behind an option on a command line. */
final class FieldValue {

  /** Digits before and after the point; one with more is not written out, and means nothing. */
  private static final int MOST_DIGITS = 30;

  private FieldValue() {}

  static boolean flag(Parameter parameter, Object raw) {
    if (raw instanceof Boolean flag) {
      return flag;
    }
    throw InputError.about(parameter).is(raw).allowed("true or false").refusal();
  }

  static String text(Parameter parameter, Object raw) {
    String text =
        raw instanceof Collection<?> items && parameter.isList()
            ? items.stream().map(item -> plain(parameter, item)).collect(Collectors.joining(","))
            : plain(parameter, raw);
    if (text.length() > FieldReader.LONGEST) {
      throw InputError.about(parameter)
          .and(" is longer than ", FieldReader.LONGEST, " characters")
          .allowed("less")
          .refusal();
    }
    return text;
  }

  private static String plain(Parameter parameter, Object raw) {
    if (raw instanceof String text && !text.isBlank()) {
      return text;
    }
    if (raw instanceof Number number) {
      BigDecimal exact = new BigDecimal(number.toString());
      boolean few = Math.abs(exact.scale()) <= MOST_DIGITS && exact.precision() <= MOST_DIGITS;
      return few ? exact.toPlainString() : exact.toString();
    }
    throw InputError.about(parameter)
        .is(raw)
        .allowed(
            raw instanceof String ? "a text that is not empty" : "a text or a number",
            parameter.isList() ? ", or a list of them" : "")
        .refusal();
  }
}
