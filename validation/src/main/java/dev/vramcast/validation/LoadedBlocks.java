package dev.vramcast.validation;

import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.Tape;
import java.util.EnumMap;
import java.util.Map;

/** What is alive when the model and the optimizer's states have been loaded, by category. */
record LoadedBlocks(Map<Category, Long> bytes, Map<Category, Long> elements) {

  static LoadedBlocks of(Tape tape) {
    Map<Category, Long> bytes = new EnumMap<>(Category.class);
    Map<Category, Long> elements = new EnumMap<>(Category.class);
    int turns = 1;
    for (int i = 0; i < tape.size(); i++) {
      switch (tape.kind(i)) {
        case REPEAT -> turns = tape.times(i);
        case END -> turns = 1;
        case BIRTH, DEATH -> {
          Block block = tape.block(i);
          long count = tape.kind(i) == Tape.Kind.BIRTH ? turns : -turns;
          bytes.merge(block.category(), count * block.bytes(), Long::sum);
          elements.merge(block.category(), count * block.elements(), Long::sum);
        }
        case PHASE -> {
          if (tape.phase(i) != Phase.LOAD) {
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
