package dev.vramcast.formats.jobdocument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileTextTest {

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> new JobDocumentReader().read(text, "job.yaml"))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"))
        .hasMessageStartingWith("job.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void a_bomb_of_aliases_is_refused_at_the_first_alias() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      String alias = "*a" + (i - 1);
      bomb.append("a" + i + ": &a" + i + " [" + alias + ", " + alias + "]\n");
    }
    assertRefused(bomb.toString(), "job.yaml:2:10: aliases are not supported");
    assertRefused(
        "lora: &x {rank: 8}\nbatch:\n  <<: *x\n", "job.yaml:3:7: aliases are not supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x: !!javax.script.ScriptEngineManager [a]",
        "method: !lora lora",
        "lora: !x {rank: 8}",
        "lora: {rank: !!int \"8\"}",
      })
  void tags_construct_nothing(String text) {
    assertRefused(text, ": tags are not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "{\"lora\":", "- ", "? "})
  void deep_nesting_is_refused(String opening) {
    assertRefused(opening.repeat(20_000), "");
    assertRefused("[".repeat(60) + "]".repeat(60), "nested more than 40 levels deep");
  }

  @Test
  void deep_maps_are_refused() {
    Map<String, Object> map = new HashMap<>();
    map.put("model", map);
    assertThatThrownBy(() -> JobDocumentReader.read(map, Place.of("case 1")))
        .isInstanceOf(InputException.class)
        .hasMessage("case 1: is nested more than 40 levels deep");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "99999999999999999999999999",
        "4294967297",
        "1e999999999",
        "1e9999999999",
        "-1",
        ".nan",
        "NaN",
        ".inf",
        "-.inf",
        "0x10",
        "0o17",
        "1_000",
        "010",
        "1:30",
        "8.5",
      })
  void numbers_that_are_no_counts_are_refused(String number) {
    assertRefused("lora:\n  rank: " + number + "\n", "job.yaml:2:");
    assertRefused("lora:\n  rank: " + "9".repeat(100_000) + "\n", "job.yaml:2:");
  }

  @Test
  void no_infinity_enters_a_model_configuration() {
    assertRefused("model: {config: {a: 1e999}}", "is too large for a number");
    assertRefused("model: {config: {a: .nan}}", "is not a plain decimal number");
    assertRefused("{\"model\": {\"config\": {\"a\": NaN}}}", "not readable as JSON");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method: lora~method: full|:2:1: key 'method' is given twice, first in job.yaml:1:1",
        "lora:~  rank: 8~lora:~  alpha: 8|:3:1: key 'lora' is given twice, first in job.yaml:1:1",
        "lora: {rank: 8}~lora.rank: 9|:2:1: lora.rank is given twice, first in job.yaml:1:8",
        "model: {config: {a: 1, a: 2}}|:1:24: key 'a' is given twice, first in job.yaml:1:18",
        "method: lora~---~method: full|:3:1: a second document or further text begins",
        "lora:~\trank: 8|:2:1: not readable as YAML: found character",
        "method: \"lora|not readable as YAML",
        "loss: [full|not readable as YAML",
        "a: b: c|:1:5: not readable as YAML: mapping values are not allowed here",
        "{\"method\": \"lora\"|:1:18: not readable as JSON: Unexpected end-of-input",
        "{\"method\": \"lo|:1:15: not readable as JSON: Unexpected end-of-input",
        "{\"method\": \"lora\"} {}|:1:20: a second document or further text begins",
        "{\"method\": \"lora\", \"method\": \"full\"}|key 'method' is given twice",
        "- method|:1:1: holds a list, allowed: keys such as model.id",
        "text|:1:1: holds 'text', allowed: keys such as model.id",
        "42|:1:1: holds 42, allowed: keys such as model.id",
        "null|is empty",
        "# only a comment|is empty",
        "'  '|is empty",
      })
  void what_is_no_single_clean_document_is_refused(String text, String message) {
    assertRefused(text.replace('~', '\n').replace("'  '", "  "), message);
  }

  @Test
  void whatever_the_bytes_only_an_input_exception_comes_out() {
    Random random = new Random(42);
    String alphabet = "{}[]:,-?&*!|>'\"%@`#~ \n\t\u0000\u0085\u2028\ud800abc019.lora rank method";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        new JobDocumentReader().read(text.toString(), "job.yaml");
      } catch (InputException e) {
        assertThat(e.getMessage()).doesNotContainPattern("[\\p{Cntrl}\u2028\u2029]");
      }
    }
  }

  @Test
  void nothing_in_a_list_is_refused_too() {
    assertRefused("liger_kernels: [rope, null]", "liger_kernels is null");
    assertThatThrownBy(
            () ->
                JobDocumentReader.read(
                    Map.of("lora", Map.of("targets", List.of(1))), Place.of("case 1")))
        .hasMessage("case 1: lora.targets is 1, allowed: a name or a list of names");
  }
}
