package dev.vramcast.input.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.vramcast.input.growth.Steps;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.tree.NodeParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables and trees, and that a mistake in a target is found at all. */
@Tag("slow")
@Order(1)
class TablesFuzzTest {

  private static final int INPUTS = 4_000;

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

  /** Fails where bytes and a word are right, which nobody guesses. */
  static final class Hidden implements Consumer<byte[]> {
    @Override
    public void accept(byte[] bytes) {
      if (bytes.length > 2 && bytes[0] == '{') {
        if (bytes[1] == '[') {
          if (text(bytes).contains("a hidden word")) {
            throw new IllegalStateException("found");
          }
        }
      }
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  static final class Cubic implements Consumer<byte[]> {
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
  void tables_and_trees() {
    Fuzz.holds(
        List.of(
            FuzzTarget.of(Csv.class, "a,b\n1,\"x, \"\"y\"\"\nz\"\r\n{a: 1, b},2\n"),
            FuzzTarget.of(
                JsonObject.class,
                "{\"a\": [1, 2.5e3, null, true, \"x\\u00e9\"], \"b\": {\"c\": {}}}"),
            FuzzTarget.of(
                Tree.class, "a: &x {b: [1, 2]}\nc: |\n  text\nd: *x\ne:\n  <<: *x\n  f: 'g'\n")),
        INPUTS);
  }

  @Test
  void what_only_the_way_through_the_code_tells_is_found() {
    List<FuzzTarget> targets = List.of(FuzzTarget.of(Hidden.class, "abcdef"));

    Fuzz.within(
        folder -> {
          Jazzer.Outcome outcome =
              Jazzer.forAMoment(folder).run(targets, "-seed=1", "-runs=1000000");
          assumeThat(outcome.isMissing()).isFalse();
          assertThatThrownBy(() -> Fuzz.check(outcome, targets))
              .isInstanceOf(AssertionError.class)
              .hasMessageStartingWith("Hidden: input of ")
              .hasMessageContaining("IllegalStateException: found");
        });
  }

  @Test
  void what_takes_too_long_is_found() {
    assertThatThrownBy(
            () -> Fuzz.bearTheirSeeds(List.of(FuzzTarget.of(Cubic.class, "x".repeat(400)))))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("Cubic: input of 400 bytes")
        .hasRootCauseInstanceOf(Steps.TooMany.class);
  }

  @Test
  void where_jazzer_has_nothing_for_a_system_it_says_so() {
    Fuzz.within(
        folder -> {
          Jazzer elsewhere = new Jazzer(folder, List.of("-Dos.arch=none"));
          List<FuzzTarget> targets = List.of(FuzzTarget.of(Csv.class, "a\n1\n"));

          assertThat(elsewhere.run(targets, "-runs=1").isMissing()).isTrue();
        });
  }
}
