package dev.vramcast.server.work;

import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.server.mcp.ToolAnswer;
import dev.vramcast.server.mcp.ToolExecutor;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Computes the answers of tools in turn with all others, within the same bounds. */
public record QueuedToolExecutor(Work work, Network network, Clock clock, KeptPrices prices)
    implements ToolExecutor {

  @Override
  public CompletableFuture<ToolAnswer> submit(Function<RemoteContext, ToolAnswer> task) {
    return work.submit(
        turn ->
            task.apply(
                new RemoteContext(
                    network,
                    LocalDate.now(clock),
                    prices,
                    turn.progress(),
                    work.steps().helpedBy(turn.helpers()))));
  }

  @Override
  public ProblemRecord problem(Throwable failure, Operation operation) {
    return new Problems(work).problem(failure, Optional.of(operation)).told();
  }
}
