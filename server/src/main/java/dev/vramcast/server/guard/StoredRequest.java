package dev.vramcast.server.guard;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A request whose body is in memory. */
final class StoredRequest extends Request.Wrapper {

  private final byte[] body;
  private boolean given;

  StoredRequest(Request request, byte[] body) {
    super(request);
    this.body = body;
  }

  @Override
  public long getLength() {
    return body.length;
  }

  @Override
  public Content.Chunk read() {
    if (given) {
      return Content.Chunk.EOF;
    }
    given = true;
    return Content.Chunk.from(ByteBuffer.wrap(body), true);
  }

  @Override
  public void demand(Runnable task) {
    getComponents().getExecutor().execute(task);
  }
}
