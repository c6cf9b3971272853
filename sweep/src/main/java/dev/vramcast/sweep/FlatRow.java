package dev.vramcast.sweep;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.sweep.product.RentalPrice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the row of a table whose columns are keys of the job document, and those of a price. */
final class FlatRow {

  private static final List<Column> RENT =
      List.of(
          Column.PROVIDER, Column.INSTANCE, Column.REGION, Column.PURCHASE, Column.USD_PER_HOUR);

  private final Map<String, ? extends @Nullable Object> values;
  private final Place place;

  private FlatRow(Map<String, ? extends @Nullable Object> values, Place place) {
    this.values = values;
    this.place = place;
  }

  /**
   * The row.
   *
   * @param values text as behind a flag, or plain values; null and empty text count as left out
   * @param place of the row
   * @throws InputException when there is an unknown column, or a value that is not allowed
   */
  static SweepRow of(Map<String, ? extends @Nullable Object> values, Place place) {
    FlatRow row = new FlatRow(values, place);
    return new SweepRow(row.job(), row.rent());
  }

  /** Refuses what is no column of a row. */
  static void check(String column, Place place) {
    boolean known =
        JobKey.ofPath(column).isPresent()
            || RENT.stream().anyMatch(each -> each.label().equals(column));
    if (!known) {
      List<String> names =
          Stream.concat(
                  Arrays.stream(JobKey.values()).map(JobKey::path),
                  RENT.stream().map(Column::label))
              .toList();
      throw InputError.unknown("column", column, names)
          .at(place)
          .allowed(
              "keys of the job document such as ",
              JobKey.MODEL_ID,
              ", and ",
              RENT.stream().map(Column::label).collect(Collectors.joining(", ")))
          .refusal();
    }
  }

  private JobDocument job() {
    List<JobDocument.Entry> entries = new ArrayList<>();
    values.forEach(
        (name, value) -> {
          check(name, place);
          Optional<JobKey> key = JobKey.ofPath(name);
          if (value != null && isThere(value) && key.isPresent()) {
            entries.add(new JobDocument.Entry(key.get(), typed(key.get(), value), place));
          }
        });
    return JobDocument.of(entries);
  }

  private Object typed(JobKey key, Object value) {
    return value instanceof String text ? key.parse(text, place) : key.read(value, place);
  }

  private Optional<RentalPrice> rent() {
    return text(Column.USD_PER_HOUR)
        .map(
            price ->
                new RentalPrice(
                    text(Column.PROVIDER).orElse(""),
                    text(Column.INSTANCE).orElse(""),
                    text(Column.REGION).orElse(""),
                    purchase(),
                    price(price),
                    OfferTerms.UNKNOWN,
                    true,
                    Optional.empty()));
  }

  private Purchase purchase() {
    String given = text(Column.PURCHASE).orElse(Purchase.ON_DEMAND.label());
    return Arrays.stream(Purchase.values())
        .filter(way -> way.label().equals(given))
        .findFirst()
        .orElseThrow(() -> notAllowed(Column.PURCHASE, given, "on-demand, spot"));
  }

  private UsdPerHour price(String text) {
    try {
      BigDecimal amount = new BigDecimal(text.length() > 40 ? "" : text);
      if (UsdPerHour.isPrice(amount)) {
        return new UsdPerHour(amount);
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number that is no price.
    }
    throw notAllowed(
        Column.USD_PER_HOUR,
        text,
        "a price from " + UsdPerHour.LOWEST + " to " + UsdPerHour.HIGHEST);
  }

  private InputException notAllowed(Column column, String given, String allowed) {
    return InputError.about(new Subject.Item(column.label()))
        .at(place)
        .is(given)
        .allowed(allowed)
        .refusal();
  }

  private Optional<String> text(Column column) {
    Object value = values.get(column.label());
    return isThere(value) ? Optional.of(String.valueOf(value).strip()) : Optional.empty();
  }

  private static boolean isThere(@Nullable Object value) {
    return value != null && !(value instanceof String text && text.isBlank());
  }
}
