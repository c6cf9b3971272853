package dev.vramcast.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The API answers what the command line answers. */
@Tag("slow")
class OperationsTest {

  private static final String JOB =
      "model: {id: llama-3.1-8b}\nmethod: lora\nhardware: {gpu: a100-80gb}\n"
          + "data: {tokens: 20000000}\n";

  private static TestServer server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "estimate, timeline, ''",
    "estimate, eval_tokens, 1000",
    "fit, headroom, 2GiB",
    "max, batch, ''",
    "plan, methods, 'lora,qlora'",
    "plan, gpu, h100",
    "cost, gpu, 'h100,a100'",
    "cost, spot, ''"
  })
  void about_a_job_it_says_to_the_byte_what_the_command_line_says(
      String operation, String field, String value) throws IOException {
    Path file = Files.writeString(folder.resolve("job.yaml"), JOB);
    String option = "--" + field.replace('_', '-');
    List<String> arguments = new ArrayList<>(List.of(operation, file.toString(), option));
    if (!value.isEmpty()) {
      arguments.add(value);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("files", List.of(Map.of("name", file.toString(), "text", JOB)));
    fields.put(field, value.isEmpty() ? true : value);

    HttpResponse<String> response = server.post(operation, JsonText.of(fields));

    assertThat(response.body()).isEqualTo(commandLine(arguments));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void an_answer_is_sent_compressed_to_whoever_takes_that() throws Exception {
    String question = "{\"job\": {\"model\": {\"id\": \"gpt2\"}}, \"timeline\": true}";
    String answer = server.post("estimate", question).body();

    HttpResponse<byte[]> response =
        server
            .client()
            .send(
                server
                    .request(Api.ROOT + "estimate")
                    .header("Content-Type", "application/json")
                    .header("Accept-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofString(question))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());

    assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(response.body()).hasSizeLessThan(answer.length() / 3);
    byte[] text = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
    assertThat(new String(text, UTF_8)).isEqualTo(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "models, ''",
    "models?search=qwen, qwen",
    "gpus?search=24GB.., 24GB..",
    "prices?gpu=h100:8&provider=aws, h100:8 --provider aws",
    "prices?spot=true&gpu=h100, h100 --spot",
    "prices?list=guide-2026-07, --list guide-2026-07",
    "guide, ''"
  })
  void about_what_is_known_it_says_to_the_byte_what_the_command_line_says(
      String address, String options) {
    List<String> arguments = new ArrayList<>(List.of(address.replaceFirst("\\?.*", "")));
    arguments.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ")));

    HttpResponse<String> response = server.get(Api.ROOT + address);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(commandLine(arguments));
  }

  @Test
  void a_job_wins_over_files() {
    JsonNode job =
        TestServer.json(
                server.post(
                    "estimate",
                    "{\"job\": {\"model\": {\"id\": \"gpt2\"}, \"lora\": {\"rank\": 4}}, \"files\":"
                        + " [{\"name\": \"axolotl.yml\", \"text\": \"base_model:"
                        + " meta-llama/Llama-3.1-8B\\nadapter: lora\\nlora_r: 32\\n"
                        + "sequence_len: 512\"}]}"))
            .get("job");

    assertThat(job.at("/model/id").asString()).isEqualTo("gpt2");
    assertThat(job.at("/lora/rank").asInt()).isEqualTo(4);
    assertThat(job.at("/batch/sequence_length").asInt()).isEqualTo(512);
    assertThat(job.at("/framework/name").asString()).isEqualTo("axolotl");
  }

  @Test
  void a_config_may_be_given_as_an_object() {
    JsonNode json =
        TestServer.json(
            server.post(
                "estimate",
                """
                {"job": {"method": "full", "model": {"config": {"model_type": "llama",
                "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
                "intermediate_size": 128, "vocab_size": 100}}}}
                """));

    assertThat(json.at("/model/layers").asInt()).isEqualTo(2);
  }

  @Test
  void lint_finds_what_is_misspelt_in_a_training_file() {
    JsonNode json =
        TestServer.json(
            server.post(
                "lint",
                "{\"files\": [{\"name\": \"a.yml\", \"text\": \"base_model: gpt2\\nadapter: lora\\n"
                    + "sequence_lenn: 5\"}], \"as\": \"axolotl\"}"));

    assertThat(json.get("format").asString()).isEqualTo("axolotl");
    assertThat(json.at("/findings/0/key").asString()).isEqualTo("sequence_lenn");
  }

  @Test
  void write_gives_the_files_as_texts() {
    JsonNode json =
        TestServer.json(
            server.post(
                "write",
                "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"},"
                    + " \"hardware\": {\"gpu\": \"h100\"}}, \"to\": [\"axolotl\", \"slurm\"]}"));

    assertThat(json.get("files")).hasSize(2);
    assertThat(json.at("/files/0/path").asString()).isEqualTo("axolotl.yaml");
    assertThat(json.at("/files/0/text").asString()).contains("base_model:");
    assertThat(json.get("warnings").isArray()).isTrue();
  }

  private static String commandLine(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(err),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            new Environment(TestServer.CLOCK, Map.of()));
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--format", "json"));
    Vramcast.run(all, console);
    return out.toString();
  }
}
