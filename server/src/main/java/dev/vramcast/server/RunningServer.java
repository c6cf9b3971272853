package dev.vramcast.server;

import dev.vramcast.answers.serve.ServerProgram.Running;
import dev.vramcast.server.work.Work;
import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** A server that answers. */
record RunningServer(Javalin app, Work work, String bind) implements Running {

  @Override
  public String address() {
    String host = bind.contains(":") ? "[" + bind + "]" : bind;
    return "http://" + host + ":" + app.port();
  }

  /** How long answers that are being made may take to be finished; then they are refused. */
  private static final long PATIENCE_MILLIS = 6_000;

  @Override
  public void stop() {
    work.refuse();
    Executor later = CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    later.execute(work::giveUp);
    try {
      app.stop();
    } catch (JavalinException e) {
      // Somebody does not take his answer; all others have theirs.
    }
    work.close();
  }
}
