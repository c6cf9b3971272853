package dev.vramcast.formats.writers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.formats.write.Launch;
import dev.vramcast.formats.write.PythonText;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.WrittenFile.Syntax;
import dev.vramcast.formats.write.YamlText;
import dev.vramcast.input.tree.Node;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and paths that mean something to YAML, Python, a shell or a template engine. */
class HostileTextTest {

  static List<String> texts() {
    return List.of(
        "it's",
        "say \"x\"",
        "$(touch x)",
        "`touch x`",
        "a; rm -rf b",
        "a # b",
        "a: b",
        "- a",
        "{{ x }}",
        "{a}",
        "*x",
        "&x",
        "!x",
        "back\\slash",
        "\\n",
        "tab\tx",
        "line\nbreak: true",
        "next\u0085line",
        "separator\u2028x",
        "null\u0000x",
        "\u00e9\u4e2d\ud83d\ude00",
        "''' \"\"\"",
        "true",
        "null",
        "1e3",
        "0x10",
        "1:30",
        "2026-01-01",
        "yes",
        "~",
        "",
        " x ");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void yaml_and_json_give_a_text_back_as_it_is(String text) {
    Map<String, Object> values = Map.of("a", text, "b", List.of(text));

    assertThat(read(YamlText.yaml(values), "x.yaml")).isEqualTo(values);
    assertThat(read(YamlText.json(values), "x.json")).isEqualTo(values);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_python_literal_is_one_line_of_plain_letters(String text) {
    assertThat(PythonText.literal(text)).matches("\"([ !#-\\[\\]-~]|\\\\.)*\"");
  }

  @Test
  void python_literals_are_those_of_python() {
    assertThat(PythonText.literal("a\"b\\c\n\u00e9\ud83d\ude00"))
        .isEqualTo("\"a\\\"b\\\\c\\u000a\\u00e9\\U0001f600\"");
    assertThat(PythonText.literal(List.of(1, true, "x"))).isEqualTo("[1, True, \"x\"]");
    assertThat(PythonText.literal(null)).isEqualTo("None");
  }

  @Test
  void a_word_of_the_shell_stays_one_word() {
    assertThat(ShellText.quote("org/model-7B")).isEqualTo("org/model-7B");
    assertThat(ShellText.quote("")).isEqualTo("''");
    assertThat(ShellText.quote("it's $(x)")).isEqualTo("'it'\\''s $(x)'");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_shell_gives_a_word_back_as_it_is(String text) throws IOException, InterruptedException {
    assumeTrue(text.indexOf('\u0000') < 0);
    Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellText.quote(text)).start();

    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(shell.waitFor()).isZero();
    assertThat(printed).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_comment_ends_with_its_line(String text) {
    String file = new WrittenFile("x.yaml", Syntax.HASH, "a: 1\n").text(List.of("by " + text));

    assertThat(file.lines().skip(1)).containsExactly("a: 1");
    assertThat(read(file, "x.yaml")).isEqualTo(Map.of("a", BigDecimal.ONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/it's \\\"8B\\\" $(touch x) `id`; #",
        "a: b",
        "{{ model }}",
        "- x",
        "\\u00e9 \\\\ \\\"\\\"\\\""
      })
  void a_model_of_any_name_is_read_back_from_every_training_file(String quoted) {
    JobDocument document =
        new JobDocumentReader()
            .read(
                "{\"model\": {\"id\": \""
                    + quoted
                    + "\"}, \"method\": \"lora\","
                    + "\"batch\": {\"sequence_length\": 8}}",
                "job.json");
    String model = document.text(JobKey.MODEL_ID).orElseThrow();
    for (String format : List.of("axolotl", "llama-factory", "trl", "ms-swift")) {
      TrainingFiles files = write(document, format);
      WrittenFile main = files.files().get(0);
      assertThat(read(main.text(List.of(model)), main.name()).values()).contains(model);
    }
    assertThat(write(document, "unsloth").files().get(0).body())
        .contains("    model_name=" + PythonText.literal(model) + ",\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-factory"})
  void a_model_that_the_framework_would_fill_in_is_refused(String format) {
    JobDocument document =
        new JobDocumentReader()
            .read("model: {id: 'a/${oc.env:HOME}'}\nbatch: {sequence_length: 8}", "job.yaml");

    assertThatThrownBy(() -> write(document, format))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("would fill in");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_run_is_named_by_letters_digits_and_hyphens(String text) {
    assertThat(Launch.name(text, "lora")).matches("[a-z]([a-z0-9-]{0,48}[a-z0-9])?");
    assertThat(Launch.name("org/Llama-3.1-8B", "qlora")).isEqualTo("llama-3-1-8b-qlora");
    assertThat(Launch.name("x".repeat(500), "lora")).hasSize(50);
  }

  private static TrainingFiles write(JobDocument document, String format) {
    return Selection.of(format, new Subject.Flag("--to"), Optional.empty())
        .training()
        .get(0)
        .write(Jobs.job(document).orElseThrow());
  }

  private static Map<String, Object> read(String text, String name) {
    return mapOf(TrainingText.of(text, name).root());
  }

  private static Map<String, Object> mapOf(Node.Fields fields) {
    Map<String, Object> values = new LinkedHashMap<>();
    fields.fields().forEach((key, node) -> values.put(key, node.value()));
    return values;
  }
}
