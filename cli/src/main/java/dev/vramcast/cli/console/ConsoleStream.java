package dev.vramcast.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Lets whole lines of UTF-8 out on a console, and says when that is not possible any more. */
public final class ConsoleStream extends OutputStream {

  private final Console console;

  public ConsoleStream(Console console) {
    this.console = console;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public void write(byte[] octets, int from, int length) throws IOException {
    console.print(new String(octets, from, length, StandardCharsets.UTF_8));
    if (console.out().checkError()) {
      throw console.out() instanceof AnswerWriter writer && writer.failure().isPresent()
          ? writer.failure().get()
          : new IOException("it cannot be written");
    }
  }
}
