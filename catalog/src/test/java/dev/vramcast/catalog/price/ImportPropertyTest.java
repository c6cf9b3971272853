package dev.vramcast.catalog.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.vramcast.catalog.price.form.Origin;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.table.YamlTable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;
import org.quicktheories.generators.Generate;

/** Whatever stands in a file: prices are positive, and every row is an offer or a finding. */
@Tag("slow")
@Order(1)
class ImportPropertyTest {

  private static final String SKYPILOT =
      "InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region,AvailabilityZone\n";
  private static final String GPUHUNT =
      "instance_name,gpu_name,gpu_count,price,spot,location,gpu_memory\n";
  private static final List<String> CELLS =
      List.of(
          "",
          "0",
          "0.0",
          "-1",
          "NaN",
          "1e309",
          "99999",
          "100000.1",
          "0.0004",
          "3.5",
          "2.2",
          "4.2",
          "9.8",
          "8",
          "8.0",
          "0.5",
          "H100",
          "A100",
          "A100-80GB",
          "T4",
          "tpu-v6e-8",
          "p5.48xlarge",
          "a3-highgpu-8g",
          "4x-RTX_3090-32-65536",
          "us-east-1",
          "us-west-1",
          "eu-west-1",
          "True",
          "False",
          "\"{\"\"a\"\": [1, 2]}\"");
  private static final List<String> PROVIDERS =
      List.of("aws", "gcp", "azure", "vast", "lambda", "runpod", "nebius");

  @Test
  void prices_are_positive_and_rows_are_accounted_for() {
    Gen<List<String>> row = lists().of(Generate.pick(CELLS)).ofSize(7);
    qt().withExamples(3_000)
        .forAll(lists().of(row).ofSizeBetween(1, 12), Generate.pick(PROVIDERS))
        .checkAssert(
            (rows, provider) -> {
              check(SKYPILOT, rows, provider);
              check(GPUHUNT, rows, provider);
            });
  }

  @Test
  void a_text_of_any_kind_is_read_or_refused_in_one_line() {
    qt().withExamples(3_000)
        .forAll(strings().basicMultilingualPlaneAlphabet().ofLengthBetween(0, 60))
        .checkAssert(
            text -> {
              for (String header : List.of(SKYPILOT, GPUHUNT, "")) {
                try {
                  check(read(header + text, "aws"));
                } catch (InputException e) {
                  assertThat(e.getMessage()).doesNotContain("\n").isNotBlank();
                }
              }
            });
  }

  @Test
  void yaml_of_any_kind_is_read_or_refused_in_one_line() {
    qt().withExamples(3_000)
        .forAll(strings().basicLatinAlphabet().ofLengthBetween(0, 60))
        .checkAssert(
            text -> {
              for (String start : List.of("", "prices:\n- ", "prices: [{gpu: ")) {
                try {
                  assertThat(YamlTable.read("t.yaml", start + text, "prices").rows()).isNotNull();
                } catch (InputException e) {
                  assertThat(e.getMessage()).doesNotContain("\n").startsWith("t.yaml");
                }
              }
            });
  }

  private static void check(String header, List<List<String>> rows, String provider) {
    StringBuilder csv = new StringBuilder(header);
    rows.forEach(row -> csv.append(String.join(",", row)).append('\n'));
    try {
      LoadedPrices prices = read(csv.toString(), provider);
      check(prices);
      assertThat(prices.list().offers().size() + prices.findings().size())
          .isGreaterThanOrEqualTo(provider.equals("gcp") ? 0 : prices.rows());
    } catch (InputException e) {
      assertThat(e).hasMessageContaining("has no row with a GPU and a price");
    }
  }

  private static void check(LoadedPrices prices) {
    for (Offer offer : prices.list().offers()) {
      for (Purchase purchase : Purchase.values()) {
        Optional<BigDecimal> whole = offer.price(purchase).map(price -> price.amount());
        Optional<BigDecimal> each = offer.pricePerGpu(purchase).map(price -> price.amount());
        assertThat(whole.map(BigDecimal::signum).orElse(1)).isPositive();
        assertThat(each.map(BigDecimal::signum).orElse(1)).isPositive();
      }
      assertThat(offer.count()).isPositive();
    }
  }

  private static LoadedPrices read(String csv, String provider) {
    Origin origin = new Origin("test.csv", provider, PriceDate.of(LocalDate.of(2026, 9, 1)));
    return PriceFile.read(CsvTable.read("test.csv", csv), origin, "test", false);
  }
}
