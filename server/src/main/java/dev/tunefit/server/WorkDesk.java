package dev.tunefit.server;

import dev.tunefit.answers.fields.Elsewhere;
import dev.tunefit.answers.operation.Operation;
import dev.tunefit.catalog.source.ModelRequest.Network;
import dev.tunefit.server.mcp.Desk;
import dev.tunefit.server.mcp.ToolAnswer;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Computes the answers of tools in turn with all others, within the same bounds. */
record WorkDesk(Work work, Network network, Clock clock) implements Desk {

  @Override
  public CompletableFuture<ToolAnswer> submit(Function<Elsewhere, ToolAnswer> task) {
    return work.submit(
        progress ->
            task.apply(new Elsewhere(network, LocalDate.now(clock), progress, work.steps())));
  }

  @Override
  public String line(Throwable failure, Operation operation) {
    return new Problems(work).problem(failure, Optional.of(operation)).detail();
  }
}
