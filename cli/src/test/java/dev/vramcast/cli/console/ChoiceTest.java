package dev.vramcast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.Vramcast;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that mean several, at a terminal and in pipes. */
class ChoiceTest {

  private static final List<String> SEVERAL =
      List.of("fit", "--offline", "--no-corrections", "--model", "gpt2", "--gpu", "a100");

  private static final Environment SURROUNDINGS =
      new Environment(Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC), Map.of());

  /** What a command line returned, and what it printed. */
  private record Run(int code, String out, String err) {}

  @TempDir private Path folder;

  @Test
  void one_of_several_is_chosen_by_its_number_or_its_name() {
    Run number = typed("2\n", SEVERAL);
    Run name = typed("what\nA100 80GB SXM4\n", SEVERAL);

    assertThat(number.err()).contains(" 1  A100 40GB SXM4", " 2  A100 40GB PCIe", "Which, 1 to 4");
    assertThat(number.out()).contains("fits one A100 40GB PCIe");
    assertThat(number.code()).isZero();
    assertThat(name.out()).contains("fits one A100 80GB SXM4");
  }

  @Test
  void nothing_is_chosen_by_enter_by_the_end_and_after_three_tries() {
    for (String input : List.of("\n", "", "0\n9\nx\n")) {
      Run run = typed(input, SEVERAL);

      assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).contains("may be any of 'A100 40GB SXM4'", "say which");
    }
  }

  @Test
  void in_a_pipe_the_name_is_refused_with_what_it_may_mean() {
    Run run = run(Optional.empty(), SEVERAL);

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).hasLineCount(1).contains("may be any of 'A100 40GB SXM4'");
  }

  @Test
  void a_count_beside_the_name_stays_and_a_name_in_a_file_is_chosen_too() throws Exception {
    Run before = typed("4\n", List.of("estimate", "--offline", "--model", "gpt2", "--gpu=2xA100"));
    Path file =
        Files.writeString(folder.resolve("job.yaml"), "model: {id: gpt2}\nhardware: {gpu: A100}\n");
    Run inFile = typed("1\n", List.of("estimate", "--offline", file.toString()));

    assertThat(before.out()).contains("2 × A100 80GB PCIe");
    assertThat(inFile.out()).contains("one A100 40GB SXM4");
  }

  private static Run typed(String input, List<String> args) {
    return run(Optional.of(new BufferedReader(new StringReader(input))), args);
  }

  private static Run run(Optional<BufferedReader> keyboard, List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            SURROUNDINGS,
            keyboard);
    int code = Vramcast.run(args, console);
    return new Run(code, out.toString(), err.toString());
  }
}
