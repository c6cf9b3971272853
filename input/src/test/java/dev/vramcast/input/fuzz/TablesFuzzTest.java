package dev.vramcast.input.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.input.json.Json;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.tree.NodeParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables and trees, and that a mistake in a target is found at all. */
@Tag("slow")
class TablesFuzzTest {

  static final class Csv extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      CsvTable.read("t.csv", text(bytes));
    }
  }

  static final class JsonObject extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      Json.object("t.json", bytes);
    }
  }

  static final class Tree extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      NodeParser.load(text(bytes), "t.yaml").root().value();
    }
  }

  /** Fails where three bytes are right, each of which only coverage tells. */
  static final class Hidden implements Consumer<byte[]> {
    @Override
    public void accept(byte[] bytes) {
      if (bytes.length > 2 && bytes[0] == '{') {
        if (bytes[1] == '[') {
          if (bytes[2] == '}') {
            throw new IllegalStateException("found");
          }
        }
      }
    }
  }

  static final class Quadratic implements Consumer<byte[]> {
    @Override
    public void accept(byte[] bytes) {
      int same = 0;
      for (byte one : bytes) {
        for (byte other : bytes) {
          for (byte third : bytes) {
            same += one == other && other == third ? 1 : 0;
          }
        }
      }
      assertThat(same).isNotNegative();
    }
  }

  @Test
  void csv() {
    holds(Csv.class, "a,b\n1,\"x, \"\"y\"\"\nz\"\r\n{a: 1, b},2\n");
  }

  @Test
  void json() {
    holds(JsonObject.class, "{\"a\": [1, 2.5e3, null, true, \"x\\u00e9\"], \"b\": {\"c\": {}}}");
  }

  @Test
  void yaml() {
    holds(Tree.class, "a: &x {b: [1, 2]}\nc: |\n  text\nd: *x\ne:\n  <<: *x\n  f: 'g'\n");
  }

  @Test
  void what_only_the_way_through_the_code_tells_is_found() {
    List<byte[]> corpus = List.of("abcdef".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Fuzz.of(Hidden.class, corpus).run(5_000_000))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("input of")
        .hasRootCauseMessage("found");
  }

  @Test
  void what_takes_too_long_is_found() {
    assertThatThrownBy(() -> holds(Quadratic.class, "x".repeat(400)))
        .isInstanceOf(AssertionError.class)
        .hasRootCauseInstanceOf(Edges.TooMuch.class);
  }

  private static void holds(Class<? extends Consumer<byte[]>> target, String start) {
    List<byte[]> corpus = List.of(start.getBytes(StandardCharsets.UTF_8));
    assertThat(Fuzz.of(target, corpus).run()).isGreaterThan(1);
  }
}
