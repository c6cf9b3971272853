package dev.vramcast.catalog.price.refresh;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An object of a source's JSON. A price that is none, below zero or in another currency makes the
 * whole answer one that is not believed.
 *
 * @param place names the object in messages
 */
record JsonFields(String place, Map<?, ?> fields) {

  private static final int DECIMALS = 6;
  private static final String CURRENCY = "currency";

  /**
   * The object that a value of JSON is.
   *
   * @throws InputException when it is something else, or names another currency than the dollar
   */
  static JsonFields of(String place, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw InputError.of("is no object").at(Place.of(place)).kind(ErrorKind.MALFORMED).refusal();
    }
    JsonFields fields = new JsonFields(place, map);
    fields
        .text(CURRENCY)
        .filter(currency -> !currency.equalsIgnoreCase("usd"))
        .ifPresent(
            currency -> {
              throw fields.failure(CURRENCY, currency, "USD");
            });
    return fields;
  }

  /** What a key has to hold. */
  Object value(String key) {
    Object value = fields.get(key);
    if (value == null) {
      throw InputError.of("has no ", Shown.given(key))
          .kind(ErrorKind.MISSING)
          .at(Place.of(place))
          .refusal();
    }
    return value;
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(fields.get(key))
        .map(String::valueOf)
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  boolean yes(String key) {
    return Boolean.TRUE.equals(fields.get(key));
  }

  /** A number that is not negative; empty where there is none. */
  OptionalDouble number(String key) {
    Object value = fields.get(key);
    return value instanceof Number number
            && Double.isFinite(number.doubleValue())
            && number.doubleValue() >= 0
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** A whole number from 1 on; empty where it is something else. */
  Optional<Integer> count(String key) {
    return text(key).filter(text -> text.matches("[1-9]\\d{0,3}")).map(Integer::valueOf);
  }

  /** Dollars; empty where nothing or zero stands, which is how some say that they do not know. */
  Optional<BigDecimal> price(String key) {
    Object value = fields.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof Number number)
        || !Double.isFinite(number.doubleValue())
        || number.doubleValue() < 0) {
      throw failure(key, value, "a price in dollars");
    }
    BigDecimal exact = new BigDecimal(String.valueOf(number));
    return exact.signum() == 0
        ? Optional.empty()
        : Optional.of(exact.setScale(DECIMALS, RoundingMode.HALF_UP));
  }

  /** Dollars an hour of so many cards, each at the price of a key. */
  Optional<UsdPerHour> hourly(String key, int cards) {
    return price(key)
        .map(price -> price.multiply(BigDecimal.valueOf(cards)))
        .map(price -> hourly(key, price));
  }

  /** A price an hour. */
  UsdPerHour hourly(String key, BigDecimal price) {
    if (!UsdPerHour.isPrice(price)) {
      throw failure(
          key, price, "dollars an hour from " + UsdPerHour.LOWEST + " to " + UsdPerHour.HIGHEST);
    }
    return new UsdPerHour(price);
  }

  InputException failure(String key, Object value, String allowed) {
    return InputError.of(key)
        .kind(ErrorKind.MALFORMED)
        .is(String.valueOf(value))
        .at(Place.of(place))
        .allowed(allowed)
        .refusal();
  }
}
