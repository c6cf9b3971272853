package dev.vramcast.server.mcp;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Map;
import java.util.function.DoubleConsumer;

/**
 * Tells whoever asked how far a search is: shares from 0 to 1 that only grow, as the protocol has
 * it, and no more than some a second.
 */
final class CallProgress {

  private static final String KEY = "vramcast.progress";
  private static final long BETWEEN_NANOS = 200_000_000L;

  private final DoubleConsumer listener;
  private double last;
  private long due;

  private CallProgress(DoubleConsumer listener) {
    this.listener = listener;
    this.due = System.nanoTime();
  }

  /** What carries a listener to the tool that is called. */
  static McpTransportContext context(DoubleConsumer listener) {
    return McpTransportContext.create(Map.of(KEY, new CallProgress(listener)));
  }

  /** Tells the listener that a context carries, if there is one. */
  static void tell(McpTransportContext context, double share) {
    if (context.get(KEY) instanceof CallProgress progress) {
      progress.at(share);
    }
  }

  private synchronized void at(double share) {
    long now = System.nanoTime();
    if (share > last && now - due >= 0) {
      last = share;
      due = now + BETWEEN_NANOS;
      listener.accept(Math.min(1, share));
    }
  }
}
