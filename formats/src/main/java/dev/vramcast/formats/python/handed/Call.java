package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.Map;

/**
 * A call of a program.
 *
 * @param name with the names before it, e.g. {@code FastModel.from_pretrained}
 * @param arguments by keyword; those without one by their place, from {@code 0}
 * @param assigned the name that its result is given; empty where it is none
 * @param model the name that stands as its first argument or as {@code model}; empty for none
 * @param function of the program that it stands in; empty for none
 * @param outermost whether its statement is outside of all blocks, so that it runs
 */
public record Call(
    String name,
    Map<String, Node> arguments,
    Mark mark,
    String assigned,
    String model,
    String function,
    boolean outermost) {

  /** Whether a function or a method of any object is called by a name. */
  boolean is(String called) {
    return name.substring(name.lastIndexOf('.') + 1).equals(called);
  }

  /** The same call with other arguments. */
  public Call with(Map<String, Node> others) {
    return new Call(name, others, mark, assigned, model, function, outermost);
  }

  /** The line that it begins in. */
  public int line() {
    return mark.line();
  }
}
