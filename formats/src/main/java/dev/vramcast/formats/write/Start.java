package dev.vramcast.formats.write;

import java.util.List;

/**
 * How a training file is started.
 *
 * @param packages what has to be installed, in pip's words
 * @param command lines for the shell, run on each machine in the folder of the files. On several
 *     machines it finds {@code NNODES}, {@code NODE_RANK}, {@code MASTER_ADDR} and {@code
 *     MASTER_PORT} in the environment.
 */
public record Start(List<String> packages, String command) {

  public Start {
    packages = List.copyOf(packages);
  }

  /** The same start after another line for the shell. */
  public Start with(String line) {
    return new Start(packages, line + "\n" + command);
  }

  /** The line for the shell that installs. */
  public String install() {
    return "pip install " + ShellText.join(packages);
  }
}
