package dev.vramcast.answers.serve;

import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;

/** The tools for assistants as a service, which the program finds where it is installed. */
public interface ToolProgram {

  /**
   * Answers over two streams until the first ends.
   *
   * @param network what the Hub may be used for
   * @param clock tells how old prices are
   * @param prices that were fetched on this machine
   */
  void run(InputStream in, OutputStream out, Network network, Clock clock, KeptPrices prices);
}
