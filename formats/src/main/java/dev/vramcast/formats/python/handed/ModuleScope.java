package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What functions and classes of a program's modules call by names of their own: these are so called
 * there alone, and are no names of the program's.
 *
 * @see dev.vramcast.formats.python.module.ModuleLines
 */
public final class ModuleScope {

  private final Map<String, Node> constants;

  /** The names as they were before; null outside of a function or class. */
  private @Nullable Map<String, Node> outside;

  /**
   * Outside of all.
   *
   * @param constants of the program, which it takes those names out of
   */
  public ModuleScope(Map<String, Node> constants) {
    this.constants = constants;
  }

  /** A function or a class begins. */
  public void begin() {
    Map<String, Node> before = new HashMap<>(constants);
    before.keySet().removeIf(name -> !isName(name));
    outside = before;
  }

  /** One has ended, if there was any. */
  public void end() {
    Map<String, Node> before = outside;
    if (before != null) {
      constants.keySet().removeIf(name -> isName(name) && !before.containsKey(name));
      constants.putAll(before);
      outside = null;
    }
  }

  /** Parts of objects and classes keep what they are given. */
  private static boolean isName(String constant) {
    char first = constant.charAt(0);
    return first != '$' && Character.isJavaIdentifierStart(first) && constant.indexOf('.') < 0;
  }
}
