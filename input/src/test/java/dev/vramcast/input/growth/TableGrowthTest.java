package dev.vramcast.input.growth;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.table.YamlTable;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables and objects, whatever is in them again and again. */
@Tag("slow")
class TableGrowthTest {

  private static final int SIZE = 400;

  static final class Csv implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        CsvTable.read("t.csv", text);
      } catch (InputException e) {
        // Refused in one line, which other tests hold.
      }
    }
  }

  static final class Yaml implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        YamlTable.read("t.yaml", text, "prices");
      } catch (InputException e) {
        // As above.
      }
    }
  }

  static final class JsonObject implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        Json.object("t.json", text.getBytes(StandardCharsets.UTF_8));
      } catch (InputException e) {
        // As above.
      }
    }
  }

  static Stream<String> csv() {
    return Stream.of(
        "a,b\n@1,2\n",
        "a,b\n\"@a\n",
        "a,b\n@\"a\n",
        "a,b\n@\"\"",
        "a,b\n@\",",
        "@a#,",
        "a,b\n@{,",
        "a,b\n@{},",
        "a\n@\n",
        "a\n@ ",
        "a\n@\r",
        "a,b\n@1,\"2\n3\"\n");
  }

  static Stream<String> yaml() {
    return Stream.of(
        "prices:\n@- a: 1\n",
        "prices:\n@- a#: 1\n",
        "prices: [@{a: 1}, ",
        "prices:\n- {@a#: 1, ",
        "prices:\n@- a: 'x\n");
  }

  static Stream<String> objects() {
    return Stream.of("{@\"a#\":1,", "{\"a\":[@1,", "{\"a\":\"@b", "{\"a\":@1", "@{\"a\":", "{@ ");
  }

  @ParameterizedTest
  @MethodSource("csv")
  void csv_takes_as_long_as_it_is(String shape) {
    Growth.of(Csv.class).isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("yaml")
  void yaml_takes_as_long_as_it_is(String shape) {
    Growth.of(Yaml.class).isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("objects")
  void json_takes_as_long_as_it_is(String shape) {
    Growth.of(JsonObject.class).isLinear(shape, SIZE);
  }
}
