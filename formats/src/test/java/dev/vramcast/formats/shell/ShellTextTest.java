package dev.vramcast.formats.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.input.tree.Mark;
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
        "a --b c \\; a|--b|c",
        "a 'b c' \"d e\"; a|b c|d e",
        "a \\~  --b; a|--b",
        "# x~a b # c; a|b",
        "X=1~a $X ${X}2 '$X'; a|1|12|$X",
        "X=\"--b 1\"~a $X \"$X\"; a|--b|1|--b 1",
        "X=\"~  --b 1\"~Y=~a $X $Y --c; a|--b|1|--c",
        "a $Y ${Y:-3}; a|$Y|3",
        "A=(--b 1~  --c)~a \"${A[@]}\"; a|--b|1|--c",
        "A=(--b 1 --c)~a \"${A[*]}\" ${A[*]}; a|--b 1 --c|--b|1|--c",
        "A=(x --b 1)~a \"${A[@]} --c\" \"d ${A[*]}\"; a|x --b 1 --c|d x --b 1",
        "X=1 a b; a|b",
        "X=${1:-8}~a $X ${Y:=3} ${2}; a|8|3|${2}",
        "X=${1:-\"8b\"}~a m-${X} ${Y:-'c'} ${Z:-\"}; a|m-8b|c|\"",
        "a b 3 > c.log 2>&1; a|b|3",
        "a b > o-\"`date \"+%d %m\"`\".log 2>&1 &~c > \"x y\" d; a|b~c|d",
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
    assertThat(command.words().get(2)).isEqualTo(new ShellCommand.Word("3", new Mark(2, 13)));
  }

  @Test
  void a_loop_is_gone_through_once_with_the_first_of_its_words() {
    assertThat(words("for m in b c; do\n a $m\ndone")).containsExactly("a|b", "done");
    assertThat(words("for m in $(ls) c; do\n a $m\ndone")).contains("a|$m");
  }

  /**
   * As of verl's run_qwen30b_gspo.sh, and of many scripts that set a count of GPUs by {@code if}.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "m=q~if [ \"$m\" = q ]% then X=1~else X=2~fi~a $X; a|1",
        "m=r~if [[ $m == q ]]% then~X=1~else~X=2~fi~a $X; a|2",
        "n=4~if [ $n -gt 8 ]% then X=1~elif [ $n -ge 4 ]% then X=2~else X=3~fi~a $X; a|2",
        "n=4~X=1~if [ $n -gt 1 ] && [ $n -ne 8 ]% then X=2~fi~a $X; a|2",
        "n=4~X=1~if [ $n -gt 8 ] || [[ $n = 5 ]]% then X=2~elif [ $n = 4 ]% then X=3~fi~a $X; a|3",
        "X=1~if [ -d /data ]% then X=2~fi~a $X; a|1",
        "X=$D/m~if [ ! -d \"$X\" ]% then X=2~fi~a $X; a|2",
        "if [ -z \"$X\" ]% then X=8~fi~a $X; a|8",
        "X=1~if [ -n \"$1\" ]% then X=$1~fi~a $X; a|1",
        "m=q~[ $m = r ] && X=1 || X=2~a $X; a|2",
        "m=q~[[ $m = q* ]] && X=1 || X=2~a $X; a|1",
        "X=3~grep q f || X=2~a $X; grep|q|f~a|3",
        "m=q~if [ $m = r ]% then~b --c~else~d --c~fi~a; d|--c~a",
        "m=b~case $m in~a) X=1 %%~b|c) X=2 %%~*) X=3 %%~esac~a $X; a|2",
        "m=d~case $m in a) X=1 %% b|c) X=2 %% *) X=3 %% esac~a $X; a|3",
        "X=1~case $m in~a) X=2 %%~esac~a $X; a|1",
        "A=(b)~m=1~if [ $m = 2 ]% then A+=(c)% else A+=(d)% fi~a ${A[@]} ${#A[@]}; a|b|d|2",
      })
  void of_branches_the_one_is_taken_that_the_script_decides_on(String text, String expected) {
    String script = text.replace('~', '\n').replace('%', ';');

    assertThat(words(script)).containsExactly(expected.split("~"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "X=m.a=1@m.b=2~a ${X//m/q}; a|q.a=1@q.b=2",
        "X=o/q-8b~a ${X##*/} ${X#*/} ${X%-*} ${X%%/*} ${X^^}; a|q-8b|q-8b|o/q|o|O/Q-8B",
        "declare -A m~m[\"q\"]=\"o/q\"~x=q~a ${m[$x]} ${m[\"q\"]} ${m[z]}; a|o/q|o/q|${m[z]}",
        "declare -A m=( [q]=\"o/q\" [p]=o/p )~a ${m[p]} ${m[q]}; a|o/p|o/q",
        "G=(3 5)~a ${G[1]} ${G[2]}; a|5|${G[2]}",
        "N=4~a $(python -c \"print(int(64 / $N))\") $(python3 -c \"print($N // 3)\"); a|16|1",
        "N=4~a $(python -c \"print(64 / $N)\") $(python -c \"print(int(9/2*$N))\");"
            + " a|$(...)|$(...)",
        "X=1~a ${X:+--b} ${Y:+--c} ${Y//a/b}; a|--b|${Y//a/b}",
        "G=0,1,2~a $(echo $G | tr ',' '\\n' | wc -l); a|3",
        "G=0,1,2~a $(echo \"$G\" | awk -F',' '{print NF}'); a|3",
        "a $(dirname \"$0\")/b.yaml $(cd \"$(dirname \"$0\")\" && pwd)/c; a|./b.yaml|./c",
      })
  void what_a_script_makes_of_a_text_is_worked_out(String text, String expected) {
    assertThat(words(text.replace('~', '\n'))).containsExactly(expected.split("~"));
  }

  @Test
  void several_commands_stand_in_one_line() {
    assertThat(words("cd x && run --a; echo done | tee log")).hasSize(4);
  }

  @Test
  void the_first_place_of_an_array_is_what_a_loop_over_its_places_begins_with() {
    assertThat(words("A=(x y)\nfor i in \"${!A[@]}\"; do\nrun ${A[$i]} $i\ndone"))
        .contains("run|x|0");
  }

  @Test
  void lines_for_a_command_are_filled_in_up_to_a_bound() {
    String read = "read -r -d '' B <<EOF\n" + "$A ".repeat(1000) + "\nEOF\n";
    String filled = ShellText.variables("A=" + "x".repeat(100) + '\n' + read).get("B").text();

    assertThat(filled).startsWith("x".repeat(100) + " x").endsWith("x $A" + " $A".repeat(344));
    assertThat(ShellText.variables("A=1\n" + read).get("B").text()).doesNotContain("$A");
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

  @Test
  void no_process_of_a_job_is_the_one_whose_branches_run() {
    String script =
        """
        if [ "${SLURM_PROCID:-0}" = "1" ]; then
          python train.py --lr 1
        elif [ "${SLURM_PROCID:-0}" = "0" ]; then
          ray start
        fi
        """;

    assertThat(ShellText.commands(script))
        .extracting(command -> command.words().get(0).text())
        .contains("python", "ray");
  }

  @Test
  void an_array_inside_of_a_text_is_one_text_of_its_parts() {
    String script =
        """
        ARGS=(--hidden-size 64 --bf16)
        COMMAND="pretrain_gpt.py "${ARGS[@]}" --lr 1"
        srun $LAUNCH $COMMAND
        """;

    assertThat(ShellText.commands(script).get(0).words())
        .extracting(ShellCommand.Word::text)
        .containsExactly(
            "srun", "$LAUNCH", "pretrain_gpt.py", "--hidden-size", "64", "--bf16", "--lr", "1");
  }
}
