package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.Resources;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How a text is divided into a name and a count. */
class GpuNameTest {

  @ParameterizedTest
  @CsvSource({
    "RTX 4090 x2, RTX 4090",
    "RTX 4090   x 2, RTX 4090",
    "RTX 4090 :2, RTX 4090",
    "2 x RTX 4090, RTX 4090",
    "RTX 4090x2, RTX 4090",
    "' RTX 4090 *2 ', RTX 4090",
  })
  void a_name_has_no_blanks_around_it(String text, String name) {
    assertThat(GpuName.parse(text).name()).isEqualTo(name);
    assertThat(GpuName.parse(text).count()).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({
    "RTX4090",
    "GTX1080",
    "RTX 4090",
    "7900XTX24",
    "7900 XTX 24",
    "TITAN RTX 24",
    "M4 Max 128",
    "M4 Max128",
    "MI300X 192",
    "Quadro RTX 8000",
  })
  void the_x_of_a_name_before_a_number_is_no_count(String text) {
    assertThat(GpuName.parse(text).name()).isEqualTo(text);
    assertThat(GpuName.parse(text).count()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void no_name_of_the_catalogue_or_of_a_price_list_has_a_count(String name) {
    assertThat(GpuName.parse(name).name()).isEqualTo(name);
    assertThat(GpuName.parse(name).count()).isEmpty();
  }

  private static Stream<String> names() {
    Stream<String> listed = cells("prices/names.tsv").map(row -> row.get(2));
    return Stream.concat(listed, cells("gpus/gpus.tsv").map(row -> row.get(0)));
  }

  /** A card's words, all that it needs and one that it may have. */
  @Test
  void the_words_of_every_card_are_read_without_a_count() {
    cells("gpus/gpus.tsv").forEach(GpuNameTest::isReadWithoutACount);
  }

  private static void isReadWithoutACount(List<String> row) {
    for (String optional : row.get(2).split(" ")) {
      GpuName name = GpuName.parse((row.get(1) + " " + optional).strip());
      assertThat(name.count()).as(name.name()).isEmpty();
      assertThat(name.words()).contains(row.get(1).split(" "));
    }
  }

  private static Stream<List<String>> cells(String table) {
    return Resources.lines(table).stream().skip(1).map(line -> Arrays.asList(line.split("\t", -1)));
  }
}
