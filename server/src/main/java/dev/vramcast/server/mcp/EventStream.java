package dev.vramcast.server.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as server-sent events, one after the other, the last of which is an answer. What comes
 * before the stream is opened waits for it; what cannot be written is dropped, since whoever asked
 * is gone then.
 */
public final class EventStream {

  private static final byte[] BEFORE = "event: message\ndata: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AFTER = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final List<byte[]> waiting = new ArrayList<>();

  /** Null until it is opened. */
  private @Nullable OutputStream out;

  /** Takes a message of one line of JSON. */
  public synchronized void send(byte[] message) {
    waiting.add(message);
    flush();
  }

  /** Writes what waits, and from now on what comes. */
  public synchronized void open(OutputStream stream) {
    out = stream;
    flush();
  }

  private void flush() {
    OutputStream opened = out;
    if (opened == null) {
      return;
    }
    try {
      for (byte[] message : waiting) {
        opened.write(BEFORE);
        opened.write(message);
        opened.write(AFTER);
      }
      opened.flush();
    } catch (IOException e) {
      // Whoever asked is gone; the answer is given up with the request.
    }
    waiting.clear();
  }
}
