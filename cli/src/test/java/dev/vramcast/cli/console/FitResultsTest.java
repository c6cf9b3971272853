package dev.vramcast.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.Vramcast;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/** {@code vramcast fit --junit}. */
class FitResultsTest {

  @TempDir private Path folder;

  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({
    "'--model gpt2 --gpu l4', 0, system-out, gpt2 on L4",
    "'--model llama-3.1-70b --method full --gpu l4', 3, failure, llama-3.1-70b on L4",
    "'--model gpt2 --stage masked-lm --gpu l4', 4, skipped, the job",
  })
  void a_verdict_is_a_test_that_passes_fails_or_is_skipped(
      String flags, int code, String outcome, String name) throws Exception {
    Element suite = suite(flags, code);

    Element test = (Element) suite.getElementsByTagName("testcase").item(0);
    assertThat(test.getAttribute("name")).isEqualTo(name);
    assertThat(test.getElementsByTagName(outcome).getLength()).isEqualTo(1);
    assertThat(suite.getAttribute("tests")).isEqualTo("1");
    assertThat(suite.getAttribute("failures")).isEqualTo(outcome.equals("failure") ? "1" : "0");
    assertThat(suite.getAttribute("skipped")).isEqualTo(outcome.equals("skipped") ? "1" : "0");
  }

  @Test
  void each_of_many_cards_is_a_test() throws Exception {
    Element suite = suite("--model llama-3.1-8b --method full --every-card", 1);

    int tests = suite.getElementsByTagName("testcase").getLength();
    assertThat(tests).isGreaterThan(3).isEqualTo(Integer.parseInt(suite.getAttribute("tests")));
    assertThat(suite.getElementsByTagName("failure").getLength())
        .isPositive()
        .isEqualTo(Integer.parseInt(suite.getAttribute("failures")));
  }

  @Test
  void a_file_that_cannot_be_written_is_one_line() {
    int code = run(List.of("fit", "--model", "gpt2", "--gpu", "l4", "--junit", folder.toString()));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("is a directory").hasLineCount(1);
  }

  private Element suite(String flags, int code) throws Exception {
    Path file = folder.resolve("fit.xml");
    List<String> arguments = new ArrayList<>(List.of("fit", "--junit", file.toString()));
    arguments.addAll(List.of(flags.split(" ")));
    assertThat(run(arguments)).isEqualTo(code);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(file.toFile())
        .getDocumentElement();
  }

  private int run(List<String> arguments) {
    Console console =
        new Console(
            new PrintWriter(Writer.nullWriter()),
            new PrintWriter(err),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            new Environment(
                Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC), Map.of()));
    return Vramcast.run(arguments, console);
  }
}
