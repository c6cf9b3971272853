package dev.vramcast.catalog.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.Resources;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeedFileTest {

  private static final String HEADER = "coefficient\tbefore\tvalue\tlow\thigh";

  @Test
  void the_file_of_the_product_has_every_coefficient_between_its_ends() {
    List<FittedCoefficient> rows =
        SpeedFile.read("coefficients.tsv", Resources.lines("speed/coefficients.tsv"));

    assertThat(rows).extracting(FittedCoefficient::key).containsExactly(SpeedCoefficient.values());
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.low()).isPositive().isLessThanOrEqualTo(row.high());
              assertThat(SpeedFile.embedded().of(row.key())).isEqualTo(row.value());
            });
  }

  @Test
  void what_is_written_is_read_again() {
    List<FittedCoefficient> rows =
        List.of(
            new FittedCoefficient(SpeedCoefficient.EAGER_LAUNCH, 2.5, 2, 3.000001),
            new FittedCoefficient(SpeedCoefficient.ATTENTION, 0.5, 0.4, 0.6));

    assertThat(SpeedFile.read("x.tsv", SpeedFile.text(rows).lines().toList())).isEqualTo(rows);
  }

  @Test
  void a_coefficient_without_a_row_has_the_value_before_any_run() {
    SpeedCoefficients read =
        SpeedFile.coefficients(
            List.of(new FittedCoefficient(SpeedCoefficient.ATTENTION, 0.5, 0.4, 0.6)));

    assertThat(read).isEqualTo(SpeedCoefficients.BEFORE.with(SpeedCoefficient.ATTENTION, 0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "attention/0.6/0.5/0.4/0.6, x.tsv line 2: before has to be 0.565",
    "attention/0.565//0.4/0.6, x.tsv line 2: value has to be a number",
    "speed/0.565/0.5/0.4/0.6, x.tsv line 2: coefficient",
  })
  void a_row_that_says_something_else_is_refused(String row, String message) {
    List<String> lines = List.of(HEADER, row.replace('/', '\t'));

    assertThatThrownBy(() -> SpeedFile.read("x.tsv", lines))
        .hasMessageContaining(message.split(":")[1].strip().split(" ")[0]);
  }
}
