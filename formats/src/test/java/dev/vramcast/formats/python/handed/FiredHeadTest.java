package dev.vramcast.formats.python.handed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The head of a function that is a command, whatever stands in it. */
class FiredHeadTest {

  private static List<String> lines(String program) {
    List<Node.Scalar> lines =
        program.lines().map(line -> new Node.Scalar(line, Mark.of(1))).toList();
    return FiredFunction.in(lines, Map.of()).lines().stream()
        .map(line -> String.valueOf(line.value()))
        .toList();
  }

  private static String fired(String parameters) {
    return "import fire\ndef tune(" + parameters + "):\n    go()\nfire.Fire(tune)\n";
  }

  @Test
  void defaults_stand_as_deep_as_the_body() {
    assertThat(lines("def tune(a=1,\n    b=2):\n\n  \n    go(a, b)\nfire.Fire(tune)\n"))
        .containsExactly(
            "def tune():", "    a = 1", "    b = 2", "", "  ", "    go(a, b)", "fire.Fire(tune)");
    assertThat(lines("def tune(a=1):\n\tgo(a)\nfire.Fire(tune)\n")).contains("\ta = 1");
  }

  @Test
  void values_stand_in_the_lines_of_their_parameters() {
    String program = "def f():\n  a()\ndef tune(\n    a=1,\n    b=2, c=3,\n\n    d=4):\n  go()\n";
    List<Node.Scalar> lines =
        IntStream.range(0, 9)
            .mapToObj(
                i -> new Node.Scalar((program + "Fire(tune)\n").split("\n")[i], Mark.of(i + 1)))
            .toList();
    assertThat(FiredFunction.in(lines, Map.of()).lines().subList(3, 7))
        .extracting(line -> line.value() + " " + line.line())
        .containsExactly("  a = 1 4", "  b = 2 5", "  c = 3 5", "  d = 4 7");
  }

  @Test
  void a_head_that_goes_on_for_too_long_is_left_as_it_is() {
    String program = fired("a=1, b='" + "x".repeat(60_000) + "'");
    assertThat(lines(program)).containsExactlyElementsOf(program.lines().toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {3_000, 40_000})
  void many_parameters_take_no_time(int count) {
    reads(
        fired(
            IntStream.range(0, count)
                .mapToObj(i -> "a" + i + "=1")
                .collect(Collectors.joining(",\n"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {40_000, 200_000})
  void blanks_take_no_time(int count) {
    reads(fired("z=" + " ".repeat(count)));
    reads(fired("z=1" + " ".repeat(count) + "1"));
    reads(fired("z" + " ".repeat(count) + "z"));
    reads(fired("z=typer.Option(" + " ".repeat(count) + ")z"));
    reads("fire.Fire(" + " ".repeat(count) + "z");
    reads("fire.Fire({" + " ".repeat(count) + "z");
  }

  private static void reads(String program) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> TrainingText.of(program, "train.py"));
  }
}
