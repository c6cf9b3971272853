package dev.vramcast.core.autograd;

import java.util.ArrayList;
import java.util.List;

/** The nodes of one segment of the model, in order of creation. */
public final class Recording {

  private final List<Node> nodes = new ArrayList<>();

  /** What a computation gave, and its recording. */
  public record Of<T>(T result, Recording recording) {}

  public void add(Node node) {
    nodes.add(node);
  }

  int size() {
    return nodes.size();
  }

  Node get(int index) {
    return nodes.get(index);
  }
}
