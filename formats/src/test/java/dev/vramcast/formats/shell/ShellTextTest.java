package dev.vramcast.formats.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellTextTest {

  private static List<String> words(String text) {
    return ShellText.commands(text).stream()
        .map(
            command ->
                command.words().stream()
                    .map(ShellCommand.Word::text)
                    .collect(Collectors.joining("|")))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a b c; a|b|c",
        "a 'b c' \"d e\"; a|b c|d e",
        "a \\~  --b; a|--b",
        "# x~a b # c; a|b",
        "X=1~a $X ${X}2 '$X'; a|1|12|$X",
        "X=\"--b 1\"~a $X \"$X\"; a|--b|1|--b 1",
        "a $Y ${Y:-3}; a|$Y|3",
        "A=(--b 1~  --c)~a \"${A[@]}\"; a|--b|1|--c",
        "X=1 a b; a|b",
        "X=${1:-8}~a $X ${Y:=3} ${2}; a|8|3|${2}",
        "X=${1:-\"8b\"}~a m-${X} ${Y:-'c'} ${Z:-\"}; a|m-8b|c|\"",
        "a b 3 > c.log 2>&1; a|b|3",
        "a < in.txt b <c> d>e >>f 2> /dev/null; a|b|<c>|d>e",
        "n=8~a --b $(expr 16 / $n) --c 1; a|--b|2|--c|1",
        "n=8~a \"$((2 * n))\" $((n-3)) b; a|16|5|b",
        "a ${X:-${Y:-$HOME/m}/q} ${X:-'${Z:-3}'}; a|$HOME/m/q|3",
        "X=1~a ${X:-${Y}} ${Y:-${X}; a|1|${Y:-1",
        "A ${X:=b} -c~ a $X; A|b|-c~a|b",
        "X=$(b -c | d (e))~a $X $(expr 1 / 0)/f $(g~h) i; a|$(...)|$(...)/f|$(...)|i",
      })
  void words_are_split_as_a_shell_would(String text, String expected) {
    assertThat(words(text.replace('~', '\n'))).containsExactly(expected.split("~"));
  }

  @Test
  void variables_before_a_command_are_its_environment() {
    ShellCommand command = ShellText.commands("export A=1\nB=2 run --x 3\n").get(0);

    assertThat(command.environment()).containsKeys("A", "B");
    assertThat(command.words().get(2)).isEqualTo(new ShellCommand.Word("3", 2));
  }

  @Test
  void a_loop_is_gone_through_once_with_the_first_of_its_words() {
    assertThat(words("for m in b c; do\n a $m\ndone")).containsExactly("do", "a|b", "done");
    assertThat(words("for m in $(ls) c; do\n a $m\ndone")).contains("a|$m");
  }

  @Test
  void several_commands_stand_in_one_line() {
    assertThat(words("cd x && run --a; echo done | tee log")).hasSize(4);
  }

  @Test
  void any_text_has_an_end() {
    Random random = new Random(7);
    String alphabet = "ab$X={}()[]'\"\\\n \t#;|&-@:1";
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(40), 0, alphabet.length())
              .mapToObj(at -> String.valueOf(alphabet.charAt(at)))
              .collect(Collectors.joining());
      assertThat(ShellText.commands(text)).isNotNull();
    }
    String doubling = "A=xx\n" + "A=$A$A\n".repeat(60) + "run $A\n";
    assertThat(words(doubling)).isNotEmpty();
  }
}
