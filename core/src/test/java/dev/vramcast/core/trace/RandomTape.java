package dev.vramcast.core.trace;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A tape up to the dice, on which only what is alive dies, and the same events written out. */
final class RandomTape {

  /**
   * One thing that happens; in a tape written out every turn of a stretch is there.
   *
   * @param births 1 for a birth, -1 for a death, 0 where a phase begins
   */
  record Event(int births, Block block, Phase phase) {}

  private static final String[] NAMES = {"weights", "gradient", "copy", "scores"};

  private final Random dice;
  private final Tape.Writer writer = new Tape.Writer();
  private final Map<Block, Integer> living = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private List<Event> writtenTo = events;

  RandomTape(long seed) {
    dice = new Random(seed);
    for (Phase phase : Phase.values()) {
      writer.phase(phase);
      events.add(new Event(0, null, phase));
      for (int i = dice.nextInt(8); i > 0; i--) {
        if (dice.nextInt(3) == 0) {
          stretch(1 + dice.nextInt(5));
        } else {
          birthOrDeath(1, living);
        }
      }
    }
  }

  Tape tape() {
    return writer.finish();
  }

  List<Event> writtenOut() {
    return events;
  }

  private void stretch(int turns) {
    List<Event> turn = new ArrayList<>();
    writtenTo = turn;
    writer.repeat(
        turns,
        () -> {
          Map<Block, Integer> ofThisTurn = new LinkedHashMap<>();
          for (int i = dice.nextInt(8); i > 0; i--) {
            boolean inside = dice.nextBoolean();
            birthOrDeath(inside ? 1 : turns, inside ? ofThisTurn : living);
          }
          ofThisTurn.forEach((block, count) -> living.merge(block, count * turns, Integer::sum));
        });
    writtenTo = events;
    for (int i = 0; i < turns; i++) {
      events.addAll(turn);
    }
  }

  /** A birth, or the death of a block of which as many as {@code copies} live. */
  private void birthOrDeath(int copies, Map<Block, Integer> among) {
    List<Block> mortal = new ArrayList<>();
    among.forEach(
        (block, count) -> {
          if (count >= copies) {
            mortal.add(block);
          }
        });
    if (mortal.isEmpty() || dice.nextInt(5) < 3) {
      Block block = block();
      among.merge(block, copies, Integer::sum);
      writer.birth(block);
      writtenTo.add(new Event(1, block, null));
    } else {
      Block block = mortal.get(dice.nextInt(mortal.size()));
      among.merge(block, -copies, Integer::sum);
      writer.death(block);
      writtenTo.add(new Event(-1, block, null));
    }
  }

  /** Few names and sizes, so that many are alike. */
  private Block block() {
    Category category = Category.values()[dice.nextInt(Category.values().length)];
    return new Block(
        NAMES[dice.nextInt(NAMES.length)], category, DataType.UINT8, 512L * dice.nextInt(6));
  }
}
