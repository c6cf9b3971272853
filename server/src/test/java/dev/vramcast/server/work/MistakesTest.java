package dev.vramcast.server.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the operator reads of mistakes. */
@Isolated
class MistakesTest {

  private static final String FORGED = "x\nvramcast: SEVERE forged \u001b]0;pwned\u0007\u2028";

  @Test
  void the_answer_names_the_line_of_the_log() {
    Problems problems =
        new Problems(
            new Work(new Bounds(1, 1, Duration.ZERO, Duration.ZERO), Duration.ofSeconds(1)));
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream err = System.err;
    ServerLog.begin();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    Problem problem;
    try {
      problem =
          problems.problem(new IllegalStateException(FORGED, new Error("why")), Optional.empty());
    } finally {
      System.setErr(err);
    }

    String text = log.toString(StandardCharsets.UTF_8);
    String number = problem.detail().replaceFirst(".* ", "");
    assertThat(number).matches("[0-9a-f]{8}");
    assertThat(text.lines()).hasSize(1);
    assertThat(text)
        .contains("mistake " + number + ": java.lang.IllegalStateException: x?vramcast")
        .contains("MistakesTest", "because of java.lang.Error: why")
        .doesNotContain("\u001b", "\u0007", "\u2028");
    assertThat(problem.detail()).doesNotContain("forged");
  }

  @Test
  void whatever_a_library_says_is_one_line() {
    LogRecord record = new LogRecord(Level.WARNING, FORGED);
    record.setThrown(new RuntimeException(FORGED));

    assertThat(ServerLog.line(record)).doesNotContainPattern("[\\p{Cntrl}\u2028]");
  }
}
