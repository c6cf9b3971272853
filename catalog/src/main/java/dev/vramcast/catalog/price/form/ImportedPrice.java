package dev.vramcast.catalog.price.form;

import dev.vramcast.catalog.price.form.Findings.Rejection;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.input.table.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Prices as programs write them into catalogues. */
final class ImportedPrice {

  /** Catalogues are written from binary fractions, as in 3.0042400000000003. */
  private static final int DECIMALS = 6;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,30})?");

  private ImportedPrice() {}

  /**
   * The price in a cell; empty when there is nothing in it or a zero, which is how some say that
   * they do not know.
   */
  static Optional<BigDecimal> of(Row row, String column) {
    Optional<String> text = row.text(column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!NUMBER.matcher(text.get()).matches()) {
      throw rejection(row, column, text.get());
    }
    BigDecimal exact = new BigDecimal(text.get());
    if (exact.signum() == 0) {
      return Optional.empty();
    }
    BigDecimal price = exact.setScale(DECIMALS, RoundingMode.HALF_UP);
    if (!UsdPerHour.isPrice(price)) {
      throw rejection(row, column, text.get());
    }
    return Optional.of(price);
  }

  private static Rejection rejection(Row row, String column, String text) {
    return new Rejection(
        Finding.NO_NUMBER, row.at(column), Phrase.of(row.title(column), " is ", Shown.given(text)));
  }
}
