package dev.vramcast.formats.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where commands of a script run, and what a shell of its own leaves behind. */
class SubshellTest {

  private static Map<String, Word> last(String script) {
    List<ShellCommand> commands = ShellText.commands(script.replace('~', '\n'));
    return commands.get(commands.size() - 1).environment();
  }

  private static String folder(String script) {
    Word folder = last(script).get(ShellCommand.FOLDER);
    return folder == null ? "" : folder.text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      value = {
        "( cd sub/other && ls )~run % ''",
        "cd lab~( cd sub && (cd deeper; ls) ; ls )~run % lab",
        "cd lab~( cd sub && (cd deeper; ls) ; run ) % lab/sub",
        "(cd $HOME/x; ls) && run % ''",
        "go() {~cd lab~}~run % lab",
        "(case $1 in a|b) cd lab;; (c) cd other;; esac~ run) % lab/other",
        "case a in~ (a) cd lab;;~ b) ls;;~esac~(cd x; ls)~run % lab",
        "X=(a b)~cd lab~ls )~run % lab",
      })
  void a_folder_is_left_with_the_shell_that_went_there(String script, String folder) {
    assertThat(folder(script)).isEqualTo(folder);
  }

  @Test
  void variables_of_a_shell_end_with_it() {
    Map<String, Word> after = last("A=1~(export A=2 B=3; (A=4; ls); inner $A)~run $A $B");
    assertThat(after).doesNotContainKeys("B", ShellCommand.EXPORTED + "A");
    assertThat(after.get("A").text()).isEqualTo("1");
    assertThat(last("A=1~(export A=2; (A=4; ls); inner $A").get("A").text()).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      value = {
        "cd $HOME/lab/a && cd b % $HOME/lab/a/b",
        "cd lab~cd ${ROOT}/other % ${ROOT}/other",
        "cd lab~cd /opt % $",
        "cd \"$WHERE\"~cd b % $/b",
      })
  void a_folder_that_comes_from_outside_is_told_from_one_that_is_here(
      String script, String folder) {
    assertThat(folder(script + "~run")).isEqualTo(folder);
  }

  @Test
  void a_folder_deeper_than_any_path_is_not_known() {
    String step = "cd " + "a".repeat(100) + "~";
    assertThat(folder(step.repeat(40) + "run")).hasSize(40 * 101 - 1);
    assertThat(folder(step.repeat(41) + "run")).isEqualTo("$");
    assertThat(folder(step.repeat(5_000) + "run")).startsWith("$").hasSizeLessThan(4_097);
  }
}
