package dev.vramcast.answers.serve;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;

/** The answers for a program that starts this one, as a service that is found where it is. */
public interface LineProgram {

  /**
   * Answers over two streams, a JSON object a line, until the first ends.
   *
   * @param clock tells how old prices are
   * @param variables of the environment, which tell where the driver of this machine's cards is
   */
  void run(InputStream in, OutputStream out, Clock clock, Map<String, String> variables);
}
