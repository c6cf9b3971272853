package dev.vramcast.validation.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaseReaderTest {

  private static final String GOOD =
      "{\"id\":\"a\",\"source\":\"s\",\"job\":{\"method\":\"lora\"},\"measured\":{\"peak_bytes\":5,"
          + "\"kind\":\"allocated\",\"status\":\"ok\",\"quality\":\"near\"},\"notes\":\"n\"}";

  @Test
  void a_line_is_a_case() {
    Case only = read(GOOD).get(0);

    assertThat(only.id()).isEqualTo("a");
    assertThat(only.source()).isEqualTo("s");
    assertThat(only.job()).containsEntry("method", "lora");
    assertThat(only.notes()).isEqualTo("n");
    assertThat(only.measured().peakBytes()).hasValue(5);
    assertThat(only.measured().kind()).isEqualTo(MeasuredKind.ALLOCATED);
    assertThat(only.measured().status()).isEqualTo(Status.OK);
    assertThat(only.measured().quality()).isEqualTo(Quality.NEAR);
    assertThat(only.measured().phases()).isEmpty();
  }

  @Test
  void blank_lines_and_a_missing_line_end_do_not_matter() {
    assertThat(read("\n  \n" + GOOD + "\r\n\n" + GOOD)).hasSize(2);
    assertThat(read("")).isEmpty();
    assertThat(read(" \n\t\n")).isEmpty();
  }

  @Test
  void keys_that_are_not_known_are_left_alone() {
    String more = GOOD.replace("\"id\"", "\"extra\":[1,{\"x\":null}],\"id\"");

    assertThat(read(more.replace("\"kind\"", "\"watts\":700,\"kind\""))).hasSize(1);
  }

  @Test
  void source_and_notes_may_be_missing() {
    String less = GOOD.replace("\"source\":\"s\",", "").replace(",\"notes\":\"n\"", "");

    assertThat(read(less).get(0).notes()).isEmpty();
  }

  @Test
  void a_case_without_a_peak_but_with_a_speed_is_about_throughput() {
    Case speed = read(GOOD.replace("5", "null,\"tokens_per_second\":12.5")).get(0);

    assertThat(speed.isThroughput()).isTrue();
    assertThat(speed.measured().tokensPerSecond()).hasValue(12.5);
    assertThat(read(GOOD).get(0).isThroughput()).isFalse();
  }

  @Test
  void phases_and_counts_of_exact_cases_are_read() {
    String exact =
        GOOD.replace(
            "\"kind\"",
            "\"phases\":{\"after_load\":7,\"none\":null},\"total_parameters\":9,"
                + "\"trainable_parameters\":3,\"kind\"");

    Measured measured = read(exact).get(0).measured();

    assertThat(measured.phases()).containsOnlyKeys("after_load").containsEntry("after_load", 7L);
    assertThat(measured.totalParameters()).hasValue(9);
    assertThat(measured.trainableParameters()).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "\"id\":\"a\"       | \"id\":7             | id is 7, allowed: a text",
        "\"id\":\"a\"       | \"id\":\" \"         | id is ' ', allowed: a text",
        "\"id\":\"a\",      | \"i\":1,             | id is missing, allowed: a text",
        "\"source\":\"s\"   | \"source\":[]        | source is a list of 0, allowed: a text",
        "{\"method\":\"lora\"} | [1]               | job is a list of 1, allowed: an object",
        "\"peak_bytes\":5   | \"peak_bytes\":-5    | measured.peak_bytes is -5",
        "\"peak_bytes\":5   | \"peak_bytes\":0     | measured.peak_bytes is 0",
        "\"peak_bytes\":5   | \"peak_bytes\":1.5   | measured.peak_bytes is 1.5",
        "\"peak_bytes\":5   | \"peak_bytes\":1e300 | measured.peak_bytes is 1.0E300",
        "\"peak_bytes\":5   | \"peak_bytes\":\"5\" | measured.peak_bytes is '5'",
        "\"peak_bytes\":5   | \"peak_bytes\":Infinity | measured.peak_bytes is Infinity",
        "\"peak_bytes\":5   | \"peak_bytes\":NaN   | NaN is not a number",
        "\"peak_bytes\":5   | \"peak_bytes\":99999999999999999999 | beyond 64 bits",
        "\"peak_bytes\":5   | \"phases\":{\"a\":\"b\"} | measured.phases.a is 'b'",
        "\"peak_bytes\":5   | \"phases\":3         | measured.phases is 3, allowed: an object",
        "\"allocated\"      | \"alocated\"         | measured.kind is 'alocated', allowed: one of",
        "\"status\":\"ok\", | \"x\":1,             | measured.status is missing, allowed: one of",
        "\"near\"           | null                 | measured.quality is missing",
        "\"notes\":\"n\"    | \"id\":\"b\"         | not readable as JSON",
      })
  void a_wrong_value_is_refused_with_its_place(String old, String wrong, String message) {
    assertThat(GOOD).contains(old);

    assertRefused(GOOD + "\n" + GOOD.replace(old, wrong), "cases.jsonl:2:", message);
  }

  @Test
  void a_slip_gets_a_hint() {
    assertRefused(GOOD.replace("allocated", "alocated"), "cases.jsonl:1:75: ", "'allocated'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"id\":", "[]", "7", "null", "nonsense", "{}{}", "\u0001"})
  void a_line_that_is_no_object_is_refused_with_its_place(String line) {
    assertRefused("\n" + line, "cases.jsonl:2:", "");
  }

  @Test
  void every_beginning_of_a_case_is_refused() {
    for (int length = 1; length < GOOD.length(); length++) {
      assertRefused(GOOD.substring(0, length), "cases.jsonl:1:", "");
    }
  }

  @Test
  void deep_nesting_is_refused() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertRefused(GOOD.replace("\"notes\"", "\"x\":" + deep + ",\"notes\""), "cases.jsonl:1:", "");
  }

  @Test
  void a_line_without_end_is_refused_before_it_fills_the_memory() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };

    assertThatThrownBy(() -> new CaseReader(1000).read(endless, "cases.jsonl", unused -> {}))
        .isInstanceOf(InputException.class)
        .hasMessage("cases.jsonl:1: the line is longer than 1000 bytes");
  }

  @Test
  void bytes_that_are_no_text_are_refused() {
    byte[] bytes = GOOD.replace("\"a\"", "\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cases.jsonl:1:");
  }

  @Test
  void a_file_that_is_not_there_is_named(@TempDir Path folder) {
    assertThatThrownBy(() -> new CaseReader().read(folder.resolve("no"), unused -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("no: no such file");
    assertThatThrownBy(() -> new CaseReader().read(folder, unused -> {}))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(": is a directory");
  }

  private static void assertRefused(String text, String place, String part) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(place)
        .hasMessageContaining(part)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  private static List<Case> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Case> read(byte[] bytes) {
    List<Case> cases = new ArrayList<>();
    try {
      new CaseReader().read(new ByteArrayInputStream(bytes), "cases.jsonl", cases::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }
}
