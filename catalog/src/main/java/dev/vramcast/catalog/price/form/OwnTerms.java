package dev.vramcast.catalog.price.form;

import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.input.table.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the program's own form says of a machine beside its price; every cell may be empty. */
public final class OwnTerms {

  private static final String LEAST = "least_billed_minutes";
  private static final String START_UP = "start_up_minutes";
  private static final String STORAGE = "storage_usd_per_gb_month";
  private static final String EGRESS = "egress_usd_per_gb";

  /** The column that says whether a host is a private one. */
  public static final String HOSTING = "hosting";

  private static final String RELIABILITY = "reliability";
  private static final String PEER = "peer";
  private static final String DATA_CENTRE = "data-centre";

  /** The columns. */
  public static final List<String> COLUMNS =
      List.of(LEAST, START_UP, STORAGE, EGRESS, HOSTING, RELIABILITY);

  private static final double SECONDS_A_MINUTE = 60;
  private static final double MOST_MINUTES = 100_000;
  private static final int DECIMALS = 6;

  private OwnTerms() {}

  static OfferTerms read(Row row) {
    return new OfferTerms(
        minutes(row, LEAST),
        minutes(row, START_UP),
        number(row, STORAGE, Integer.MAX_VALUE),
        number(row, EGRESS, Integer.MAX_VALUE),
        isPeer(row),
        number(row, RELIABILITY, 1));
  }

  /** The cells of terms, in the order of the columns. */
  public static List<String> cells(OfferTerms terms) {
    return List.of(
        minutes(terms.leastBilled()),
        minutes(terms.startUp()),
        text(terms.storageUsdPerGbMonth()),
        text(terms.egressUsdPerGb()),
        terms.peerToPeer() ? PEER : "",
        text(terms.reliability()));
  }

  private static boolean isPeer(Row row) {
    return switch (row.text(HOSTING).orElse(DATA_CENTRE)) {
      case PEER -> true;
      case DATA_CENTRE -> false;
      default -> throw row.failure(HOSTING, PEER + " or " + DATA_CENTRE);
    };
  }

  private static Optional<Duration> minutes(Row row, String column) {
    OptionalDouble minutes = number(row, column, MOST_MINUTES);
    return minutes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Duration.ofMillis(Math.round(minutes.getAsDouble() * SECONDS_A_MINUTE * 1000)));
  }

  private static OptionalDouble number(Row row, String column, double most) {
    Optional<String> text = row.text(column);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    double value =
        OwnForm.NUMBER.matcher(text.get()).matches() ? Double.parseDouble(text.get()) : -1;
    if (value < 0 || value > most) {
      throw row.failure(column, "a number from 0 to " + BigDecimal.valueOf(most).toPlainString());
    }
    return OptionalDouble.of(value);
  }

  private static String minutes(Optional<Duration> time) {
    return time.map(each -> text(OptionalDouble.of(each.toMillis() / 1000.0 / SECONDS_A_MINUTE)))
        .orElse("");
  }

  private static String text(OptionalDouble value) {
    if (value.isEmpty()) {
      return "";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value.getAsDouble()).setScale(DECIMALS, java.math.RoundingMode.HALF_UP);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
