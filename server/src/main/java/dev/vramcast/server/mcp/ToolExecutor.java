package dev.vramcast.server.mcp;

import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.operation.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Where the answers of tools are computed, when their turn comes. */
public interface ToolExecutor {

  /**
   * Computes an answer; to cancel what is returned ends the computation.
   *
   * @param task gets what holds for whoever asks
   * @throws RuntimeException when too much is waiting
   */
  CompletableFuture<ToolAnswer> submit(Function<RemoteContext, ToolAnswer> task);

  /** What a failure means for whoever asked. */
  ProblemRecord problem(Throwable failure, Operation operation);
}
