package dev.vramcast.formats.write.launch;

import dev.vramcast.formats.write.Launch;
import java.util.ArrayList;
import java.util.List;

/** The lines that a shell runs on each machine. */
final class NodeScript {

  /** PyTorch's usual port. */
  static final String PORT = "29500";

  private NodeScript() {}

  /**
   * Starts the training file.
   *
   * @param rank what the launcher calls the number of the machine, for the shell
   * @param master as {@code rank}, the address of the first machine
   */
  static List<String> run(Launch launch, String rank, String master) {
    List<String> lines = new ArrayList<>();
    int nodes = launch.place().nodes();
    if (nodes > 1) {
      lines.add("export NNODES=" + nodes);
      lines.add("export NODE_RANK=\"" + rank + "\"");
      lines.add("export MASTER_ADDR=\"" + master + "\"");
      lines.add("export MASTER_PORT=" + PORT);
    }
    lines.add(launch.start().command());
    return lines;
  }

  /** Lines as one text that ends in a line feed. */
  static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
