package dev.vramcast.formats.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonCallsTest {

  static List<Call> calls(String text) {
    List<String> lines = text.lines().toList();
    return PythonCalls.of(
        IntStream.range(0, lines.size())
            .mapToObj(i -> new Node.Scalar(lines.get(i), Mark.of(i + 1)))
            .toList());
  }

  static List<String> names(String text) {
    return calls(text).stream().map(Call::name).toList();
  }

  private static Object argument(String text) {
    return calls(text).get(0).arguments().values().stream().findFirst().orElseThrow().value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "f(x = 1); 1",
        "f(x = -2); -2",
        "f(x = 2e-4); 0.0002",
        "f(x = 1_000); 1000",
        "f(x = 'a' 'b'); ab",
        "f(x = f\"a\"); a",
        "f(x = True); true",
        "f(x = ('a')); a",
        "f(x = torch.bfloat16); torch.bfloat16",
        "f(x = 3 - 1); 2",
        "n = 4~f(x = n*2); 8",
        "n = 4 \\~ * 2~f(x = n); 8",
        "f(x = \\~ 3); 3",
        "a = dict(x=3, y=[1])~f(**a); 3",
        "f(**{'x': 'b'}); b",
        "f(**unknown); <unknown>",
        "f(x = not g()); <not g ( )>",
        "f(x = [1, 'a', [2]]); [1, a, [2]]",
        "f(x = {'a': 1, 'b': True}); {a=1, b=true}",
        "f(x = [1,~  # c~  2,~]); [1, 2]",
        "f('a, b)', y = 1); a, b)",
      })
  void literals_and_names_of_literals_are_values(String text, String value) {
    Object found = argument(text.replace('~', '\n'));

    assertThat(found instanceof BigDecimal number ? number.toPlainString() : found + "")
        .isEqualTo(value);
  }

  @Test
  void calls_inside_of_calls_are_found_with_their_lines() {
    List<Call> calls = calls("x = a.B.c(\n  d = E(f = 1),\n  g = 2)\ndef h(i = 3):\n  pass\n");

    assertThat(calls).extracting(Call::name).containsExactly("a.B.c", "E");
    assertThat(calls.get(1).line()).isEqualTo(2);
    assertThat(calls.get(0).arguments().get("g"))
        .isEqualTo(new Node.Scalar(new BigDecimal(2), Mark.of(3)));
  }

  @Test
  void text_and_comments_hold_no_calls() {
    assertThat(calls("'''f(x = 1)'''\n# f(x = 1)\ns = \"f(x)\"\n!f(x)\n")).isEmpty();
  }

  @Test
  void raw_strings_keep_their_backslashes() {
    Map<String, Node> arguments =
        calls("f(r'C:\\models\\\\a', Rb\"\\d\\\"\", x='\\a')").get(0).arguments();

    assertThat(arguments.get("0").value()).isEqualTo("C:\\models\\\\a");
    assertThat(arguments.get("1").value()).isEqualTo("\\d\\\"");
    assertThat(arguments.get("x").value()).isEqualTo("a");
  }

  @Test
  void any_text_has_an_end() {
    Random random = new Random(11);
    String alphabet = "abf(x)=[]{},.:'\"\\\n #-+*1e_";
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(40), 0, alphabet.length())
              .mapToObj(at -> String.valueOf(alphabet.charAt(at)))
              .collect(Collectors.joining());
      assertThat(calls(text)).isNotNull();
    }
    assertThat(calls("f(x = " + "[".repeat(5_000) + "]".repeat(5_000) + ")")).hasSize(1);
    assertThat(calls("f(".repeat(3_000))).hasSize(2_000);
  }
}
