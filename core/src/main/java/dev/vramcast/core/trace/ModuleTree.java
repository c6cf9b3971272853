package dev.vramcast.core.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is alive at the peak, as the tree of the model's modules.
 *
 * @param name of the module below its parent; empty for the whole run
 * @param path from the model
 * @param bytes alive at the peak that this module and those below it made
 * @param ownPeakBytes the most that they have at any time, at the peak or not
 * @param modules below this one, largest at the peak first
 * @param tensors that this module itself made and that are alive at the peak, largest first
 */
public record ModuleTree(
    String name,
    String path,
    long bytes,
    long ownPeakBytes,
    List<ModuleTree> modules,
    List<LiveTensor> tensors) {

  /** The tree of a trace; the root stands for the whole run. */
  public static ModuleTree of(AllocationTrace trace) {
    Node root = new Node("", "");
    Map<ModuleScope, List<Node>> chains = new LinkedHashMap<>();
    replay(trace, root, chains);
    for (LiveTensor tensor : LiveTensor.atPeak(trace)) {
      List<Node> chain = chain(root, tensor.site().module());
      chain.forEach(node -> node.alive += tensor.bytes());
      chain.get(chain.size() - 1).tensors.add(tensor);
    }
    return root.tree();
  }

  /** Every iteration of every section, as the highest sum of a module may be in any. */
  private static void replay(
      AllocationTrace trace, Node root, Map<ModuleScope, List<Node>> chains) {
    int i = 0;
    while (i < trace.size()) {
      if (trace.kind(i) != AllocationTrace.Kind.REPEAT) {
        apply(trace, i++, root, chains);
        continue;
      }
      int end = i;
      while (trace.kind(end) != AllocationTrace.Kind.END) {
        end++;
      }
      for (int iteration = 0; iteration < trace.times(i); iteration++) {
        for (int inner = i + 1; inner < end; inner++) {
          apply(trace, inner, root, chains);
        }
      }
      i = end + 1;
    }
  }

  private static void apply(
      AllocationTrace trace, int index, Node root, Map<ModuleScope, List<Node>> chains) {
    AllocationTrace.Kind kind = trace.kind(index);
    if (kind == AllocationTrace.Kind.ALLOCATE || kind == AllocationTrace.Kind.FREE) {
      Block block = trace.block(index);
      long change = kind == AllocationTrace.Kind.ALLOCATE ? block.bytes() : -block.bytes();
      chains
          .computeIfAbsent(block.module(), scope -> chain(root, scope.path()))
          .forEach(node -> node.add(change));
    }
  }

  /** The nodes from the root to a path. */
  private static List<Node> chain(Node root, String path) {
    List<Node> chain = new ArrayList<>();
    chain.add(root);
    Node node = root;
    String above = "";
    for (String name : path.isEmpty() ? new String[0] : path.split("\\.", -1)) {
      String whole = above.isEmpty() ? name : above + '.' + name;
      node = node.below.computeIfAbsent(name, unused -> new Node(name, whole));
      chain.add(node);
      above = whole;
    }
    return chain;
  }

  /** A module while its bytes are counted. */
  private static final class Node {

    private final String name;
    private final String path;
    private final Map<String, Node> below = new LinkedHashMap<>();
    private final List<LiveTensor> tensors = new ArrayList<>();
    private long sum;
    private long highest;
    private long alive;

    Node(String name, String path) {
      this.name = name;
      this.path = path;
    }

    void add(long change) {
      sum += change;
      highest = Math.max(highest, sum);
    }

    ModuleTree tree() {
      List<ModuleTree> modules = new ArrayList<>();
      below.values().forEach(node -> modules.add(node.tree()));
      modules.sort(
          Comparator.comparingLong(ModuleTree::bytes)
              .thenComparing(ModuleTree::ownPeakBytes)
              .reversed()
              .thenComparing(ModuleTree::name));
      return new ModuleTree(
          name, path, alive, highest, Collections.unmodifiableList(modules), List.copyOf(tensors));
    }
  }
}
