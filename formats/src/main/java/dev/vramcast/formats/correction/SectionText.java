package dev.vramcast.formats.correction;

import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.Shown;
import java.math.BigDecimal;

/** Writes a section. */
final class SectionText {

  static final String RUN = "run";
  static final String DATE = "date";
  static final String VERSION = "version";
  static final String TENSORS = "tensors";
  static final String ALLOCATOR = "allocator_factor";
  static final String OUTSIDE = "outside_bytes";
  static final String SPEED = "speed";
  static final String PARAMETERS = "parameters";
  static final String TOKENS = "tokens";

  private SectionText() {}

  static String of(SavedCorrection saved) {
    Correction correction = saved.correction();
    StringBuilder text = new StringBuilder("[" + saved.name() + "]\n");
    line(text, RUN, Shown.oneLine(saved.run()));
    line(text, DATE, saved.date().toString());
    line(text, VERSION, saved.version());
    line(text, TENSORS, plain(correction.tensors()));
    line(text, ALLOCATOR, plain(correction.allocator()));
    line(text, OUTSIDE, String.valueOf(correction.outsideBytes()));
    correction.speed().ifPresent(factor -> line(text, SPEED, plain(factor)));
    line(text, PARAMETERS, String.valueOf(saved.scope().parameters()));
    line(text, TOKENS, String.valueOf(saved.scope().tokens()));
    saved.scope().code().forEach((name, value) -> line(text, name, value));
    return text.toString();
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(" = ").append(value).append('\n');
  }

  private static String plain(double factor) {
    return BigDecimal.valueOf(factor).stripTrailingZeros().toPlainString();
  }
}
