package dev.vramcast.server.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code vramcast serve --stdio}, within this process. */
@Timeout(60)
@Tag("slow")
class StdioLinesTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FIT =
      "{\"id\": %d, \"operation\": \"fit\", \"fields\": {\"job\": {\"model\": {\"id\":"
          + " \"llama-3.1-8b\"}, \"hardware\": {\"gpu\": \"l4\"}}}}";

  @TempDir private Path folder;

  @Test
  void many_questions_are_each_answered_in_a_line_with_their_number() {
    List<String> questions = IntStream.range(0, 300).mapToObj(FIT::formatted).toList();

    List<JsonNode> answers = ask(questions);

    assertThat(answers)
        .extracting(answer -> answer.at("/id").asInt())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 300).boxed().toList());
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.at("/answer/verdict").asString()).isNotEmpty());
  }

  @Test
  void a_file_that_is_named_by_its_path_is_read() throws IOException {
    Path file = folder.resolve("axolotl.yml");
    Files.writeString(
        file,
        "base_model: meta-llama/Llama-3.1-8B\nadapter: lora\nlora_r: 8\nmicro_batch_sise: 2\n");

    JsonNode answer =
        ask(List.of(
                "{\"id\": 1, \"operation\": \"lint\", \"paths\": [\"%s\"]}"
                    .formatted(file.toString().replace('\\', '/'))))
            .get(0);

    assertThat(answer.at("/answer/findings/0/key").asString()).isEqualTo("micro_batch_sise");
  }

  @Test
  void a_path_in_the_job_is_relative_to_the_folder_of_whoever_asks() throws IOException {
    Files.createDirectory(folder.resolve("mine"));
    Files.writeString(
        folder.resolve("mine/config.json"),
        "{\"model_type\": \"llama\", \"hidden_size\": 64, \"intermediate_size\": 128,"
            + " \"num_attention_heads\": 4, \"num_hidden_layers\": 2, \"vocab_size\": 100}");
    String question =
        "{\"id\": 1, \"operation\": \"fit\", \"folder\": \"%s\", \"fields\": {\"job\": {\"model\":"
            + " {\"config\": \"mine/config.json\"}, \"hardware\": {\"gpu\": \"l4\"}}}}";

    JsonNode answer = ask(List.of(question.formatted(folder.toString().replace('\\', '/')))).get(0);

    assertThat(answer.at("/answer/verdict").asString()).isEqualTo("fits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no JSON| null| line",
        "[]| null| line: is no object",
        "{\"operation\": \"fit\"}| null| line: has no id, allowed: a whole number",
        "{\"id\": 3, \"operation\": \"fitt\"}| 3| unknown operation 'fitt'",
        "{\"id\": 4, \"operation\": \"fit\", \"path\": []}| 4| unknown field 'path'",
        "{\"id\": 5, \"operation\": \"fit\", \"paths\": 7}| 5| paths is 7",
        "{\"id\": 6}| 6| operation is missing",
        "{\"id\": 7, \"operation\": \"gpus\", \"paths\": [\"a\"]}| 7| gpus is about no file",
        "{\"id\": 8, \"operation\": \"fit\", \"fields\": {\"job\": {\"lora\": {\"rank\": 0}}}}| 8|"
            + " lora.rank is 0, allowed: a whole number from 1 to 65536",
      })
  void what_cannot_be_used_is_a_problem_in_a_line(String line, String id, String detail) {
    List<JsonNode> answers = ask(List.of(line, FIT.formatted(99)));

    JsonNode problem = answers.stream().filter(it -> it.has("problem")).findFirst().orElseThrow();
    assertThat(problem.at("/id").toString()).isEqualTo(id);
    assertThat(problem.at("/problem/detail").asString()).startsWith(detail);
    assertThat(problem.at("/problem/status").asInt()).isEqualTo(400);
    assertThat(answers)
        .filteredOn(it -> it.at("/id").asInt(0) == 99)
        .allSatisfy(it -> assertThat(it.has("answer")).isTrue())
        .hasSize(1);
  }

  @Test
  void what_is_cancelled_ends_with_a_problem_and_the_rest_is_answered() {
    String slow =
        "{\"id\": 1, \"operation\": \"plan\", \"fields\": {\"job\": {\"model\": {\"id\":"
            + " \"llama-3.1-8b\"}, \"data\": {\"tokens\": 1e9}}}}";

    List<JsonNode> answers = ask(List.of(slow, "{\"cancel\": 1}", FIT.formatted(2)));

    assertThat(answers)
        .filteredOn(it -> it.at("/id").asInt() == 1)
        .allSatisfy(it -> assertThat(it.has("problem")).isTrue())
        .hasSize(1);
    assertThat(answers)
        .filteredOn(it -> it.at("/id").asInt() == 2)
        .allSatisfy(it -> assertThat(it.has("answer")).isTrue())
        .hasSize(1);
  }

  private static List<JsonNode> ask(List<String> lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] input =
        lines.stream().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
    new StdioLines().run(new ByteArrayInputStream(input), out, CLOCK, Map.of());
    return out.toString(StandardCharsets.UTF_8).lines().map(JSON::readTree).toList();
  }
}
