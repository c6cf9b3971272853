package dev.vramcast.server.lines;

import dev.vramcast.answers.serve.LineProgram;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.input.text.BoundedLines;
import dev.vramcast.server.work.Bounds;
import dev.vramcast.server.work.Work;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The answers for a program that started this process. */
public final class StdioLines implements LineProgram {

  /** Whoever asks has a limit of its own, and says when it is over. */
  private static final Duration TIME_LIMIT = Duration.ofHours(1);

  private static final int MOST_BYTES = 64 << 20;

  @Override
  public void run(InputStream in, OutputStream out, Clock clock, Map<String, String> variables) {
    try (Work work = new Work(Bounds.ofOneProgram(), TIME_LIMIT)) {
      new LineConnection(work, out, clock, LocalGpus.of(variables), KeptPrices.of(variables))
          .run(new BoundedLines(in, MOST_BYTES), MOST_BYTES);
    }
  }
}
