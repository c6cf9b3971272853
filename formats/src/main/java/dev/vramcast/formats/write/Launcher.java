package dev.vramcast.formats.write;

/** Writes the file that starts a training file somewhere. A launcher keeps no state. */
public interface Launcher {

  /** The word on the command line, e.g. {@code skypilot}. */
  String name();

  /** Writes the file. */
  Written write(Launch launch);
}
