package dev.vramcast.catalog.price.form;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.market.HostSize;
import dev.vramcast.input.table.Row;
import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** A column of a price list with the size of something in GiB. */
final class GibibyteColumn {

  private static final BigDecimal GIBI = BigDecimal.valueOf(GIB);
  private static final Pattern NUMBER = Pattern.compile("\\d{1,7}(\\.\\d{1,9})?");

  private GibibyteColumn() {}

  static OptionalLong bytes(BigDecimal gibibytes) {
    return OptionalLong.of(gibibytes.multiply(GIBI).longValue());
  }

  /** Of others' lists, in which what is no size, or none at all, says nothing. */
  static HostSize host(Row row, String memory, String disk) {
    return new HostSize(read(row, memory), read(row, disk));
  }

  private static OptionalLong read(Row row, String column) {
    return row.text(column)
        .filter(text -> NUMBER.matcher(text).matches())
        .map(BigDecimal::new)
        .filter(size -> size.signum() > 0)
        .map(GibibyteColumn::bytes)
        .orElse(OptionalLong.empty());
  }
}
