package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.market.Offer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TPUs that are rented together, as in {@code tpu-v6e-8}. The number counts chips, for v5p and
 * older ones cores, of which a chip has two.
 */
record TpuSlice(Gpu gpu, int chips) {

  private static final Pattern NAME =
      Pattern.compile("(?:tpu-)?(v\\d+[a-z]*)-(\\d{1,5})", Pattern.CASE_INSENSITIVE);

  static Optional<TpuSlice> parse(String name, Place.Line place) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String kind = matcher.group(1).toLowerCase(Locale.ROOT).replace("litepod", "e");
    int number = Integer.parseInt(matcher.group(2));
    int chips = kind.endsWith("e") ? number : number / 2;
    if (chips < 1 || chips > Offer.MAX_COUNT) {
      throw new Rejection(Finding.COUNT, place, Phrase.of(name, " has ", chips, " chips"));
    }
    return Optional.of(new TpuSlice(chip(kind, place), chips));
  }

  private static Gpu chip(String kind, Place.Line place) {
    try {
      return GpuCatalog.embedded().find("TPU " + kind).gpu();
    } catch (InputException e) {
      throw new Rejection(Finding.UNKNOWN_GPU, place, e.error().sentence());
    }
  }
}
