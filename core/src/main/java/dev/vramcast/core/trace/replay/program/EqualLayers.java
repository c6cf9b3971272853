package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.Block;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Knows what goes first in a section whose iterations free what an earlier section made. */
final class EqualLayers {

  private final ProgramWriter writer;
  private final StandIns standIns;
  private final int[] operations;

  /** Of all that was written. */
  EqualLayers(ProgramWriter writer, StandIns standIns) {
    this.writer = writer;
    this.standIns = standIns;
    this.operations = writer.operations();
  }

  /** The section with what its iterations free in place of blocks; itself where it runs once. */
  Section ordered(Section section) {
    if (section.times() == 1) {
      return section;
    }
    Set<Integer> own =
        writer.allocatedIn(section.from(), section.to()).boxed().collect(Collectors.toSet());
    int[][] instead = null;
    for (int i = section.from(); i < section.to(); i++) {
      int number = ~operations[i];
      if (number >= 0 && !writer.repeated().contains(number)) {
        int[] earlier = equalBlocks(number).filter(n -> !own.contains(n)).toArray();
        if (earlier.length > 0) {
          instead = instead == null ? new int[section.length()][] : instead;
          instead[i - section.from()] = earlier;
        }
      }
    }
    return new Section(
        section.from(), section.to(), section.times(), -1, instead, made(section, own));
  }

  /** What each iteration has made by the time it frees a block that it has not. */
  private int @Nullable [] @Nullable [] made(Section section, Set<Integer> own) {
    int[][] made = null;
    Set<Integer> living = new LinkedHashSet<>();
    for (int i = section.from(); i < section.to(); i++) {
      int operation = operations[i];
      if (operation >= 0 && operation < ReplayProgram.AT_ONCE) {
        living.add(operation);
      } else if (operation < 0 && own.contains(~operation)) {
        living.remove(~operation);
      } else if (operation < 0 && !living.isEmpty()) {
        made = made == null ? new int[section.length()][] : made;
        made[i - section.from()] = living.stream().mapToInt(n -> n).toArray();
      }
    }
    return made;
  }

  /** Blocks of the same name and size that a section makes, each time it runs. */
  private IntStream equalBlocks(int number) {
    Block block = writer.blocks().get(number);
    return writer.repeated().stream()
        .mapToInt(n -> n)
        .filter(n -> n != number && standIns.rank(n, block) == 0);
  }
}
