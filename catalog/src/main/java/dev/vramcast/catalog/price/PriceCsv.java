package dev.vramcast.catalog.price;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.catalog.price.form.OwnForm;
import dev.vramcast.catalog.price.form.OwnTerms;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes offers in this program's own form. */
public final class PriceCsv {

  private static final BigDecimal GIBI = BigDecimal.valueOf(GIB);
  private static final BigDecimal GIGA = BigDecimal.valueOf(1_000_000_000);

  private PriceCsv() {}

  /** A header and a line for each offer; {@link PriceLists#open} reads the same offers from it. */
  public static String of(List<Offer> offers) {
    StringBuilder text = new StringBuilder(String.join(",", OwnForm.COLUMNS)).append('\n');
    offers.forEach(offer -> text.append(line(offer)).append('\n'));
    return text.toString();
  }

  private static String line(Offer offer) {
    Stream<String> machine =
        Stream.of(
            offer.provider(),
            offer.instance(),
            offer.gpu().name(),
            String.valueOf(offer.count()),
            price(offer.onDemand()),
            price(offer.spot()),
            offer.region(),
            offer.asOf().toString(),
            offer.source(),
            gibibytes(offer.host().memoryBytes()),
            gibibytes(offer.host().diskBytes()),
            gigabits(offer.host().networkBits()));
    return Stream.concat(machine, OwnTerms.cells(offer.terms()).stream())
        .map(PriceCsv::cell)
        .collect(Collectors.joining(","));
  }

  private static String gibibytes(OptionalLong bytes) {
    return bytes.stream()
        .mapToObj(size -> BigDecimal.valueOf(size).divide(GIBI, 3, RoundingMode.HALF_UP))
        .map(size -> size.stripTrailingZeros().toPlainString())
        .findFirst()
        .orElse("");
  }

  private static String gigabits(OptionalDouble bits) {
    return bits.stream()
        .mapToObj(each -> BigDecimal.valueOf(each).divide(GIGA, 3, RoundingMode.HALF_UP))
        .map(each -> each.stripTrailingZeros().toPlainString())
        .findFirst()
        .orElse("");
  }

  private static String price(Optional<UsdPerHour> price) {
    return price.map(UsdPerHour::toString).orElse("");
  }

  private static String cell(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
