package dev.vramcast.server;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.serve.ToolProgram;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.server.mcp.Protocol;
import dev.vramcast.server.mcp.StdioConnection;
import dev.vramcast.server.work.Bounds;
import dev.vramcast.server.work.QueuedToolExecutor;
import dev.vramcast.server.work.ServerLog;
import dev.vramcast.server.work.Work;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;

/** The tools for an assistant that started this process. */
public final class StdioTools implements ToolProgram {

  /** Assistants wait a minute: DEFAULT_REQUEST_TIMEOUT_MSEC of the protocol's TypeScript SDK. */
  private static final Duration TIME_LIMIT = Duration.ofSeconds(55);

  @Override
  public void run(
      InputStream in, OutputStream out, Network network, Clock clock, KeptPrices prices) {
    ServerLog.begin();
    try (Work work = new Work(Bounds.ofOneProgram(), TIME_LIMIT)) {
      Protocol protocol =
          Protocol.of(new QueuedToolExecutor(work, network, clock, prices), network);
      new StdioConnection(protocol, in, out, ServeSettings.USUAL_BODY_BYTES).run();
    }
  }
}
