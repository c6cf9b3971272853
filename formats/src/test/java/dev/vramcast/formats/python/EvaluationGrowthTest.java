package dev.vramcast.formats.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Tokens;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationGrowthTest {

  /** What the levels up to the deepest one leave out of a longer expression but once. */
  private static final long ONCE = 1_000;

  private static List<Token> tokens(String text) {
    List<Token> tokens = Tokens.of(text, List.of());
    return tokens.subList(0, tokens.size() - 1);
  }

  private static long steps(String text) {
    Expression expression = new Expression(Map.of());
    assertThat(expression.value(tokens(text))).isNotNull();
    return expression.steps();
  }

  private static Object value(String text) {
    Node node = new Expression(Map.of()).value(tokens(text));
    return node.value();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "q == r + ",
        "q + r == ",
        "q or r and ",
        "not q == r or ",
        "q * r + q // ",
        "q / r + ",
        "q / r / ",
        "q if r else ",
        "not ",
        "(q + ",
        "int(q / ",
      })
  void steps_grow_with_the_length_of_an_expression(String term) {
    long one = steps(term.repeat(200) + "q");
    long two = steps(term.repeat(400) + "q");
    long four = steps(term.repeat(800) + "q");

    assertThat(two).isBetween(one, one * 2 + ONCE);
    assertThat(four).isBetween(two, two * 2 + ONCE);
    assertThat(four).isLessThan(21L * tokens(term.repeat(800) + "q").size());
  }

  @Test
  void an_expression_deep_enough_ends_within_twenty_passes() {
    for (String term : List.of("(q == r) + ", "os.path.join('a', ", "x / 'a' / ")) {
      String text = term.repeat(18) + "q" + (term.contains("join") ? ")".repeat(18) : "");
      assertThat(steps(text)).isLessThan(21L * tokens(text).size());
    }
  }

  @Test
  void past_its_budget_a_value_is_not_known() {
    String text = "[".repeat(19) + "1,".repeat(60_000) + "]".repeat(19);

    assertThat(steps(text)).isLessThan(1_300_000);
    assertThat(String.valueOf(value(text))).matches("\\[+<\\[[^<>]*>]+");
  }

  @Test
  void numbers_that_no_memory_holds_are_not_known() {
    assertThat(value("1e999 * 1e999")).isEqualTo("<1e999 * 1e999>");
    assertThat(value("1e999 + 1")).isEqualTo("<1e999 + 1>");
    assertThat(value("1 - 1e-999")).isEqualTo("<1 - 1e-999>");
    assertThat(value("1e999 // 3")).isEqualTo("<1e999 // 3>");
    assertThat(value("1e39 * 1e39")).isEqualTo("<1e39 * 1e39>");
    assertThat(value("str(1e999)")).isEqualTo("<str ( 1e999 )>");
    assertThat(value("float('1e999')")).isEqualTo("<float ( 1e999 )>");
  }

  @Test
  void numbers_of_numbers_keep_a_size() {
    StringBuilder program = new StringBuilder("a = 1e9\n");
    program.append("a = a * a\n".repeat(60)).append("f(x=a + 1)\n");
    List<Node.Scalar> lines =
        program.toString().lines().map(line -> new Node.Scalar(line, Mark.of(1))).toList();

    assertThat(PythonCalls.of(lines).get(0).arguments().get("x").value()).isEqualTo("<a + 1>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f'{a}{a}'",
        "'x' f'{a}/{a}'",
        "os.path.join(a, a)",
        "Path(a) / a",
        "f'{os.path.join(a, a)}'",
      })
  void texts_of_texts_keep_a_size(String twice) {
    String program = "a = 'x'\n" + ("a = " + twice + "\n").repeat(60) + "f(x=a)\n";

    assertThat(String.valueOf(argument(program))).hasSizeLessThan(20_000);
  }

  @Test
  void a_text_of_a_thousand_long_ones_is_not_known() {
    String program = "b = '" + "y".repeat(19_000) + "'\nf(x=f'" + "{b}".repeat(1_300) + "')\n";

    assertThat(argument(program)).isEqualTo("<f-string>");
  }

  @Test
  void a_text_as_long_as_a_job_may_have_one_is_put_together() {
    String program = "b = '" + "y".repeat(1_000) + "'\nf(x=f'{b}{b}{b}')\n";

    assertThat(argument(program)).isEqualTo("y".repeat(3_000));
  }

  private static Object argument(String program) {
    List<Node.Scalar> lines =
        program.lines().map(line -> new Node.Scalar(line, Mark.of(1))).toList();
    List<Call> calls = PythonCalls.of(lines);
    return calls.get(calls.size() - 1).arguments().get("x").value();
  }
}
