package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.Offer;
import dev.vramcast.input.table.Row;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Counts of GPUs as programs write them into catalogues: {@code 8}, {@code 8.0}. */
final class ImportedCount {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,30})?");

  private ImportedCount() {}

  /** The count in a cell; a part of a GPU is rejected, since it has a part of the memory. */
  static int of(Row row, String column) {
    String text = row.text(column).orElse("");
    BigDecimal number = NUMBER.matcher(text).matches() ? new BigDecimal(text) : BigDecimal.ZERO;
    boolean whole = number.stripTrailingZeros().scale() <= 0;
    if (!whole || number.signum() == 0 || number.compareTo(new BigDecimal(Offer.MAX_COUNT)) > 0) {
      throw new Rejection(
          Finding.COUNT, row.at(column), Phrase.of(row.title(column), " is ", Shown.given(text)));
    }
    return number.intValue();
  }
}
