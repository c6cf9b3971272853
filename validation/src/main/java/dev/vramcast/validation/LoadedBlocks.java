package dev.vramcast.validation;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.EnumMap;
import java.util.Map;

/** What is alive when the model and the optimizer's states have been loaded, by category. */
record LoadedBlocks(Map<Category, Long> bytes, Map<Category, Long> elements) {

  static LoadedBlocks of(AllocationTrace trace) {
    Map<Category, Long> bytes = new EnumMap<>(Category.class);
    Map<Category, Long> elements = new EnumMap<>(Category.class);
    int iterations = 1;
    for (int i = 0; i < trace.size(); i++) {
      switch (trace.kind(i)) {
        case REPEAT -> iterations = trace.times(i);
        case END -> iterations = 1;
        case ALLOCATE, FREE -> {
          Block block = trace.block(i);
          long count = trace.kind(i) == AllocationTrace.Kind.ALLOCATE ? iterations : -iterations;
          bytes.merge(block.category(), count * block.bytes(), Long::sum);
          elements.merge(block.category(), count * block.elements(), Long::sum);
        }
        case PHASE -> {
          if (trace.phase(i) != Phase.LOAD) {
            return new LoadedBlocks(bytes, elements);
          }
        }
      }
    }
    return new LoadedBlocks(bytes, elements);
  }

  long bytes(Category... categories) {
    long sum = 0;
    for (Category category : categories) {
      sum += bytes.getOrDefault(category, 0L);
    }
    return sum;
  }

  long elements(Category category) {
    return elements.getOrDefault(category, 0L);
  }
}
