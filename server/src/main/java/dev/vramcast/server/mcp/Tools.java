package dev.vramcast.server.mcp;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.lint.LintOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.prices.PricesOperation;
import dev.vramcast.answers.write.WriteOperation;
import dev.vramcast.catalog.source.ModelRequest.Network;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The operations that an assistant is offered, each as a tool. */
record Tools(ToolExecutor executor, Network network) {

  /**
   * What is answered in few lines, and files; tables for people are left to other ways of asking.
   */
  static final List<Operation> OFFERED =
      List.of(
          new FitOperation(),
          new EstimateOperation(),
          new MaxOperation(),
          new PlanOperation(),
          new CostOperation(),
          new LintOperation(),
          new WriteOperation(),
          new ModelsOperation(),
          new GpusOperation(),
          new PricesOperation());

  static List<String> names() {
    return OFFERED.stream().map(Operation::name).toList();
  }

  List<AsyncToolSpecification> all() {
    OutputSchemas outputs = OutputSchemas.create();
    return OFFERED.stream()
        .map(
            operation ->
                new AsyncToolSpecification(
                    tool(operation, outputs),
                    (context, request) -> call(operation, context, request)))
        .toList();
  }

  private Tool tool(Operation operation, OutputSchemas outputs) {
    boolean asksHub = operation.subject() == Subject.JOB && network == Network.ALLOWED;
    return Tool.builder(operation.name(), ToolSchemas.input(operation, network == Network.ALLOWED))
        .description(operation.summary())
        .outputSchema(outputs.of(operation))
        .annotations(
            ToolAnnotations.builder()
                .readOnlyHint(true)
                .destructiveHint(false)
                .idempotentHint(true)
                .openWorldHint(asksHub)
                .build())
        .build();
  }

  /** What goes wrong is an answer too, which the assistant can act on. */
  private Mono<CallToolResult> call(
      Operation operation, McpTransportContext context, CallToolRequest request) {
    Map<String, Object> arguments = given(request);
    return Mono.fromFuture(
            () ->
                executor.submit(asker -> ToolAnswer.of(operation, arguments, told(asker, context))))
        .onErrorResume(
            failure -> Mono.just(ToolAnswer.failure(executor.problem(failure, operation))))
        .map(ToolAnswer::result);
  }

  /** Whoever asks ends a search, and whoever called is told of it. */
  private static RemoteContext told(RemoteContext asker, McpTransportContext context) {
    return asker.telling(
        share -> {
          asker.progress().at(share);
          CallProgress.tell(context, share);
        });
  }

  /** Assistants write null for what they leave out. */
  private static Map<String, Object> given(CallToolRequest request) {
    Map<String, Object> arguments = new LinkedHashMap<>();
    if (request.arguments() != null) {
      arguments.putAll(request.arguments());
    }
    arguments.values().removeIf(value -> value == null);
    return arguments;
  }
}
