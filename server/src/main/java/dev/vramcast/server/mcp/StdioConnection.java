package dev.vramcast.server.mcp;

import dev.vramcast.input.text.BoundedLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries the protocol over two streams, a message a line.
 *
 * <p>The SDK's own transport ends with the first line that is no message, and drops the answers
 * that are due when the input ends.
 */
public final class StdioConnection {

  private final Protocol protocol;
  private final BoundedLines in;
  private final OutputStream out;
  private final int mostBytes;
  private final Map<Object, Due> due = new ConcurrentHashMap<>();

  /**
   * A request that is not answered yet.
   *
   * @param answer what is being computed
   * @param written done when the answer is out
   */
  private record Due(CompletableFuture<byte[]> answer, CompletableFuture<Void> written) {}

  /**
   * Nothing is read yet.
   *
   * @param mostBytes longer messages are refused
   */
  public StdioConnection(Protocol protocol, InputStream in, OutputStream out, int mostBytes) {
    this.protocol = protocol;
    this.in = new BoundedLines(in, mostBytes);
    this.out = out;
    this.mostBytes = mostBytes;
  }

  /** Answers until the input ends, and then what was asked before. */
  public void run() {
    in.each(this::take);
    CompletableFuture.allOf(
            due.values().stream().map(Due::written).toArray(CompletableFuture[]::new))
        .exceptionally(failure -> null)
        .join();
  }

  private void take(byte[] line) {
    if (new String(line, StandardCharsets.US_ASCII).isBlank()) {
      return;
    }
    try {
      if (line.length > mostBytes) {
        throw MessageException.tooLong(mostBytes);
      }
      Message message = Message.read(line);
      message
          .request()
          .ifPresent(request -> due(request.id(), protocol.answer(request, this::write)));
      message.cancelled().map(due::remove).ifPresent(request -> request.answer().cancel(true));
    } catch (MessageException e) {
      write(protocol.refusal(e));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // what is due tells of every failure
  private void due(Object id, CompletableFuture<byte[]> answer) {
    Due request = new Due(answer, answer.thenAccept(this::write));
    due.put(id, request);
    request.written().whenComplete((nothing, failure) -> due.remove(id, request));
  }

  private synchronized void write(byte[] message) {
    try {
      out.write(message);
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      // Whoever asked is gone; the input ends too.
    }
  }
}
