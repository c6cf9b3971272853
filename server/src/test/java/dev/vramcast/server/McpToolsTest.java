package dev.vramcast.server;

import static dev.vramcast.server.McpClients.call;
import static dev.vramcast.server.McpClients.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.text.JsonText;
import dev.vramcast.input.tree.NodeParser;
import dev.vramcast.server.mcp.ServedClient;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools, asked by the SDK's own client over HTTP. */
@Tag("slow")
class McpToolsTest {

  @RegisterExtension static final ServedClient SERVED = new ServedClient();

  private static Map<String, Tool> tools;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    tools = new HashMap<>();
    SERVED.client().listTools().tools().forEach(tool -> tools.put(tool.name(), tool));
  }

  @Test
  void the_server_says_who_it_is_and_how_it_is_used() {
    assertThat(SERVED.client().getServerInfo().name()).isEqualTo("vramcast");
    assertThat(SERVED.client().getServerInstructions()).contains("fit -", "data.tokens", "GiB");
  }

  @Test
  void the_tools_only_read_and_ask_nobody_else() {
    assertThat(tools)
        .containsOnlyKeys(
            "fit", "estimate", "max", "plan", "cost", "lint", "write", "models", "gpus", "prices");
    assertThat(tools.values())
        .allSatisfy(
            tool -> {
              assertThat(tool.annotations().readOnlyHint()).isTrue();
              assertThat(tool.annotations().idempotentHint()).isTrue();
              assertThat(tool.annotations().destructiveHint()).isFalse();
              assertThat(tool.annotations().openWorldHint()).isFalse();
            });
  }

  @Test
  void all_tools_together_take_few_bytes_of_a_conversation() throws Exception {
    String list = McpJsonDefaults.getMapper().writeValueAsString(SERVED.client().listTools());

    assertThat(list.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(10_000, 23_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fit | {job: {model.id: llama-3.1-8b, batch.micro_batch: 3, hardware.gpu: l4}} | probably",
        "fit      | {job: {model.id: gpt2, hardware.gpu: h100}, headroom: 2GiB} | fits",
        "estimate | {job: {model: {id: llama-3.1-8b}, hardware: {gpu: l4}}} | tokens/s",
        "estimate | {job: {model: {id: gpt2}}, timeline: true} | Peak allocated",
        "estimate | {params: 7B, job: {hardware: {gpu: h100}}} | for 7B parameters",
        "max      | {job: {model: {id: gpt2}, hardware: {gpu: l4}}, batch: true} | for certain",
        "max      | {job: {hardware: {gpu: l4}}} | What L4 can train",
        "max      | {job: {hardware: {gpu: l4}}, model: true} | GiB",
        "plan     | {job: {model: {id: gpt2}, data: {tokens: 1e8}}, gpu: l4} | cheaper and faster",
        "cost     | {job: {model: {id: gpt2}, data: {tokens: 1e8}}, gpu: l4} | Cheapest",
        "cost     | {params: 7B, job: {data: {tokens: 1e8}}, gpu: h100, spot: true} | Cheapest",
        "cost     | {job: {model: {id: gpt2}}, gpu: l4} | 10,000,000 tokens are priced",
        "lint     | {files: [{name: a.yml, text: 'base_model: gpt2'}], as: axolotl} | Axolotl",
        "models   | {search: qwen3} | parameters",
        "models   | {} | more lines: ask for less",
        "gpus     | {search: h100} | H100 SXM5 80GB",
        "gpus     | {search: null} | RTX 4090",
        "prices   | {gpu: h100, provider: [aws, lambda]} | $/GPU-h"
      })
  void a_good_question_has_a_short_answer_that_is_as_its_schema_says(
      String tool, String arguments, String words) {
    CallToolResult result = call(SERVED.client(), tool, arguments(arguments));

    assertThat(result.isError()).as(text(result)).isFalse();
    assertThat(text(result)).contains(words).doesNotContain("█", "\u001b", "--explain");
    assertThat(text(result).lines().count()).isLessThan(50);
    assertThat(json(result.structuredContent())).hasSizeLessThan(12_000);
    assertThat(
            McpJsonDefaults.getSchemaValidator()
                .validate(tools.get(tool).outputSchema(), result.structuredContent())
                .errorMessage())
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fit      | {jbo: {}} | unknown field 'jbo', allowed: job, files, as, revision, headroom,"
            + " every_card, params, active_params. Did you mean 'job'?",
        "fit      | {job: {lora: {rnak: 8}}} | unknown key 'lora.rnak'. Did you mean 'lora.rank'?",
        "fit      | {job: {hardwre: {}}} | unknown key 'hardwre'. Did you mean 'hardware'?",
        "fit      | {job: {lora: {rank: 0}}} | lora.rank is 0, allowed: a whole number from 1",
        "estimate | {job: {model: {id: lama-3.1-8b}}} | llama-3.1-8b",
        "estimate | {timeline: maybe} | timeline is 'maybe', allowed: true or false",
        "max      | {memory: big} | memory is 'big'",
        "plan     | {job: {model: {id: gpt2}}, budget: '50'} | data.tokens",
        "plan     | {job: {model: {id: gpt2}, data: {tokens: 1}}, budget: -1} | budget",
        "lint     | {} | no file",
        "models   | {search: zzzzzz} | matches 'zzzzzz'",
        "gpus     | {search: zzzzzz} | matches no GPU",
        "prices   | {list: /etc/passwd} | list is '/etc/passwd', allowed: market"
      })
  void a_bad_question_has_one_line_that_says_what_is_wrong(
      String tool, String arguments, String words) {
    CallToolResult result = call(SERVED.client(), tool, arguments(arguments));

    assertThat(result.isError()).isTrue();
    assertThat(text(result)).contains(words).hasLineCount(1);
    assertThat(result.structuredContent()).isNull();
  }

  @Test
  void a_model_id_that_is_a_path_opens_nothing() throws Exception {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
    for (String id :
        List.of(
            folder.toString(),
            folder.resolve("config.json").toString(),
            folder.toUri().toString(),
            "../" + folder,
            "/etc/passwd",
            "http://127.0.0.1:1/x")) {
      CallToolResult result =
          call(SERVED.client(), "estimate", Map.of("job", Map.of("model.id", id)));

      assertThat(result.isError()).isTrue();
      assertThat(text(result)).startsWith("unknown model").contains("the Hub was not asked");
    }
  }

  @Test
  void keys_that_name_files_are_refused() {
    for (String key : List.of("model.config", "data.file", "data.tokenizer", "data.lengths")) {
      Map<String, Object> job = Map.of("model.id", "gpt2", key, folder + "/x.json");

      CallToolResult result = call(SERVED.client(), "estimate", Map.of("job", job));

      assertThat(result.isError()).as(key).isTrue();
      assertThat(text(result)).as(key).contains(key);
    }
  }

  @Test
  void an_unknown_tool_is_refused_with_the_nearest_name() {
    assertThatThrownBy(() -> call(SERVED.client(), "fitt", Map.of()))
        .isInstanceOf(McpError.class)
        .hasMessageContaining("unknown tool 'fitt', allowed: fit, ")
        .hasMessageContaining("Did you mean 'fit'?")
        .isInstanceOfSatisfying(
            McpError.class,
            e ->
                assertThat(e.getJsonRpcError().data())
                    .extracting("problem")
                    .extracting("kind", "given", "nearest")
                    .containsExactly("unknown", "'fitt'", "fit"));
  }

  @Test
  void questions_at_the_same_time_do_not_mix() {
    List<String> answers =
        IntStream.rangeClosed(1, 24)
            .parallel()
            .mapToObj(
                rank ->
                    call(
                        SERVED.client(),
                        "estimate",
                        Map.of("job", Map.of("model.id", "gpt2", "lora.rank", rank))))
            .map(result -> json(result.structuredContent()))
            .toList();

    for (int rank = 1; rank <= answers.size(); rank++) {
      assertThat(answers.get(rank - 1)).containsPattern("\"rank\": " + rank + "\\b");
    }
  }

  @Test
  void a_warning_stands_in_the_answer() {
    CallToolResult result =
        call(
            SERVED.client(),
            "fit",
            Map.of("job", Map.of("model.id", "gpt2", "hardware.gpu", "h100")));

    assertThat(text(result)).contains("Warning: 'h100' is taken as 'H100 SXM5 80GB'");
  }

  @Test
  void a_resource_explains_every_key_of_a_job() {
    assertThat(SERVED.client().listResources().resources()).hasSize(1);
    TextResourceContents contents =
        (TextResourceContents)
            SERVED
                .client()
                .readResource(ReadResourceRequest.builder("vramcast://job-schema").build())
                .contents()
                .get(0);

    assertThat(contents.text()).contains("\"double_quant\"", "\"expandable_segments\"");
    assertThatThrownBy(
            () ->
                SERVED
                    .client()
                    .readResource(ReadResourceRequest.builder("file:///etc/passwd").build()))
        .isInstanceOf(McpError.class);
  }

  @Test
  void a_prompt_asks_whether_a_model_fits() {
    String question =
        ((TextContent)
                SERVED
                    .client()
                    .getPrompt(
                        GetPromptRequest.builder("will-it-fit")
                            .arguments(Map.of("model", "gpt2", "gpu", "l4"))
                            .build())
                    .messages()
                    .get(0)
                    .content())
            .text();

    assertThat(question).startsWith("I want to fine-tune gpt2 on l4. Will it fit?");
  }

  @SuppressWarnings("unchecked") // the keys of a YAML object are strings
  private static Map<String, Object> arguments(String yaml) {
    return (Map<String, Object>) NodeParser.parse(yaml, "arguments.yaml").value();
  }

  private static String json(Object value) {
    return JsonText.of(value);
  }
}
