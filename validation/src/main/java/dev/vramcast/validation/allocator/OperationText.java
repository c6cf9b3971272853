package dev.vramcast.validation.allocator;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import dev.vramcast.core.trace.replay.AllocatorOperation.Allocate;
import dev.vramcast.core.trace.replay.AllocatorOperation.Free;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists of operations as text, a line each: {@code a NUMBER BYTES STREAM} allocates, {@code f
 * NUMBER} frees. Other lines are remarks.
 */
final class OperationText {

  private OperationText() {}

  static List<String> lines(List<AllocatorOperation> operations) {
    return operations.stream().map(OperationText::line).toList();
  }

  private static String line(AllocatorOperation operation) {
    return operation instanceof Allocate asked
        ? "a " + asked.number() + ' ' + asked.bytes() + ' ' + asked.stream().memory().ordinal()
        : "f " + operation.number();
  }

  static List<AllocatorOperation> read(List<String> lines) {
    List<AllocatorOperation> operations = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ", 5);
      if (words[0].equals("a")) {
        Stream stream = Stream.values()[Integer.parseInt(words[3])];
        operations.add(new Allocate(Integer.parseInt(words[1]), Long.parseLong(words[2]), stream));
      } else if (words[0].equals("f")) {
        operations.add(new Free(Integer.parseInt(words[1])));
      }
    }
    return operations;
  }
}
