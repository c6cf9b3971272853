package dev.vramcast.catalog.growth;

import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.input.growth.Growth;
import java.time.LocalDate;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Price lists, whatever is in them again and again. */
@Tag("slow")
class PriceGrowthTest {

  private static final int SIZE = 200;
  private static final String OWN =
      "provider,region,instance,gpu,count,on_demand,spot,source,as_of\n";

  static final class Prices implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        PriceLists.parse("p.csv", text, PriceDate.of(LocalDate.of(2026, 9, 1)));
      } catch (InputException e) {
        // Refused in one line, which other tests hold.
      }
    }
  }

  static Stream<String> lists() {
    return Stream.of(
        OWN + "@aws,us,p5,H100,8,50,,x,2026-09-01\n",
        OWN + "@aws,us,p#,H1OO,8,50,,x,2026-09-01\n",
        OWN + "@\"",
        OWN + "@{,",
        "@a#,",
        "@\n");
  }

  @ParameterizedTest
  @MethodSource("lists")
  void price_lists_take_as_long_as_they_are(String shape) {
    Growth.of(Prices.class).isLinear(shape, SIZE);
  }
}
