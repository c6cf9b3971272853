package dev.vramcast.server.mcp;

import dev.vramcast.answers.schema.JobSchema;
import dev.vramcast.core.job.document.JobKey;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.AsyncPromptSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptArgument;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** What an assistant is told beside the tools. */
final class Guidance {

  /** The address of the resource with every key of a job. */
  static final String JOB_SCHEMA = "vramcast://job-schema";

  static final String PROMPT = "will-it-fit";

  private static final String JSON = "application/schema+json";

  private static final PromptArgument MODEL =
      argument("model", "Catalogue name or Hub id, such as llama-3.1-8b.", true);
  private static final PromptArgument GPU =
      argument("gpu", "Such as rtx-4090 or h100:8; without it, machines are looked for.", false);
  private static final PromptArgument DETAILS =
      argument("details", "Method, sequence length, batch, data: in your words.", false);

  private Guidance() {}

  /** How the tools are used. */
  static String instructions() {
    return """
        Vramcast says, before a GPU is rented, whether an LLM fine-tune fits its memory, how fast \
        it runs and what it costs. Nothing is run: the allocations of one step are replayed.
        Which tool: fit - does it fit, and what to change; estimate - memory by component, and \
        time; max - the largest batch, sequence or model; plan - which machine to rent, with \
        which settings; cost - hours and dollars on each GPU; lint - mistakes in a training \
        file; write - a job or a training file as files of other frameworks; models, gpus, \
        prices - what is known, with the names to use.
        A job is nested: {"model": {"id": "llama-3.1-8b"}, "method": "qlora", \
        "batch": {"sequence_length": 2048}, "hardware": {"gpu": "rtx-4090"}}. What it leaves out \
        is assumed, and the answer says so. A training file of Axolotl, LLaMA-Factory, TRL and \
        others goes into files, as name and text. plan and cost need data.tokens, or \
        data.examples with data.tokens_per_example and data.epochs.
        GiB are 2^30 bytes. A range holds nine of ten runs; 'tight' means that the card is \
        inside the range.
        All keys of a job, explained in %s: %s.
        """
        .formatted(
            JOB_SCHEMA,
            ToolSchemas.keys().stream().map(JobKey::path).collect(Collectors.joining(", ")));
  }

  /** Every key of a job, with what it may hold. */
  static AsyncResourceSpecification jobSchema(McpJsonMapper mapper) {
    Resource resource =
        Resource.builder(JOB_SCHEMA, "job-schema")
            .description("JSON schema of a job: all keys, ranges and defaults.")
            .mimeType(JSON)
            .build();
    return new AsyncResourceSpecification(
        resource,
        (context, request) ->
            Mono.fromCallable(
                () ->
                    ReadResourceResult.builder(
                            List.of(
                                TextResourceContents.builder(JOB_SCHEMA, schema(mapper))
                                    .mimeType(JSON)
                                    .build()))
                        .build()));
  }

  private static String schema(McpJsonMapper mapper) throws IOException {
    return mapper.writeValueAsString(JobSchema.create());
  }

  /** The question that most people have. */
  static AsyncPromptSpecification willItFit() {
    Prompt prompt =
        Prompt.builder(PROMPT)
            .title("Will it fit?")
            .description("Whether a fine-tune fits a GPU, what to change, or what to rent.")
            .arguments(List.of(MODEL, GPU, DETAILS))
            .build();
    return new AsyncPromptSpecification(
        prompt, (context, request) -> Mono.fromCallable(() -> question(request)));
  }

  private static GetPromptResult question(GetPromptRequest request) {
    Map<String, Object> given = request.arguments() == null ? Map.of() : request.arguments();
    String details = text(given, DETAILS);
    String text =
        "I want to fine-tune "
            + text(given, MODEL)
            + (details.isEmpty() ? "" : " (" + details + ")")
            + (text(given, GPU).isEmpty()
                ? ". Ask me on how much data, then use plan to say which machine to rent."
                : " on "
                    + text(given, GPU)
                    + ". Will it fit? Use fit; if it does not, say which change has the smallest"
                    + " drawback, and check that change with fit.")
            + " Begin with the verdict, give GiB with their range, and name what was assumed.";
    return GetPromptResult.builder(
            List.of(PromptMessage.builder(Role.USER, TextContent.builder(text).build()).build()))
        .build();
  }

  private static String text(Map<String, Object> given, PromptArgument argument) {
    Object value = given.get(argument.name());
    return value == null ? "" : String.valueOf(value).strip();
  }

  private static PromptArgument argument(String name, String description, boolean required) {
    return PromptArgument.builder(name).description(description).required(required).build();
  }
}
