package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine of Vast as SkyPilot names it, e.g. {@code 4x-RTX_4060_Ti-32-65536}. It tells cards
 * apart that have one name in the column for GPUs, from which Ti, SUPER, PCIe, SXM and NVL were
 * taken.
 *
 * @param name e.g. {@code RTX 4060 Ti}
 */
record VastInstance(int count, String name) {

  private static final Pattern TYPE = Pattern.compile("(\\d{1,3})x-(.{1,60})-\\d+-\\d+");

  static VastInstance parse(String type, Place.Line place) {
    Matcher matcher = TYPE.matcher(type);
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) == 0) {
      throw new Rejection(
          Finding.UNREADABLE,
          place,
          Phrase.of("instance type ", Shown.given(type), " does not tell the GPU"));
    }
    return new VastInstance(Integer.parseInt(matcher.group(1)), matcher.group(2).replace('_', ' '));
  }
}
