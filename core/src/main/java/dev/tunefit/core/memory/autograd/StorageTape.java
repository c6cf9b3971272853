package dev.tunefit.core.memory.autograd;

import dev.tunefit.core.memory.tape.Tape;
import java.util.ArrayList;
import java.util.List;

/** The tape as the graph writes it: births and deaths of storages, in stretches that repeat. */
final class StorageTape {

  private final Tape.Writer tape;
  private final List<Storage> dyingAfterRepeat = new ArrayList<>();
  private int turns = 1;

  StorageTape(Tape.Writer tape) {
    this.tape = tape;
  }

  void birth(Storage storage) {
    tape.birth(storage);
  }

  /** What every turn of a repeated stretch reads dies once, after the last turn. */
  void death(Storage storage) {
    if (storage.shared && insideRepeat()) {
      dyingAfterRepeat.add(storage);
    } else {
      tape.death(storage);
    }
  }

  void repeat(int count, Runnable body) {
    if (count == 1) {
      body.run();
      return;
    }
    turns = count;
    tape.repeat(count, body);
    turns = 1;
    dyingAfterRepeat.forEach(tape::death);
    dyingAfterRepeat.clear();
  }

  /** How often what is written now happens. */
  int turns() {
    return turns;
  }

  boolean insideRepeat() {
    return turns > 1;
  }
}
