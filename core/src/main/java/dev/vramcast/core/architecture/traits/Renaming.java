package dev.vramcast.core.architecture.traits;

/**
 * A module that some releases of Transformers call otherwise than the checkpoint does.
 *
 * @param versions those that do
 * @param from its path in the checkpoint, below the layer or the model
 * @param to its path in these releases
 */
public record Renaming(Versions versions, String from, String to) {

  /** A path of the checkpoint as these releases have it: another if it is the module's. */
  public String renamed(String path) {
    return moved(path, from, to);
  }

  /** A path of these releases as the checkpoint has it. */
  public String original(String path) {
    return moved(path, to, from);
  }

  private static String moved(String path, String from, String to) {
    boolean inside = path.equals(from) || path.startsWith(from + ".");
    return inside ? to + path.substring(from.length()) : path;
  }
}
