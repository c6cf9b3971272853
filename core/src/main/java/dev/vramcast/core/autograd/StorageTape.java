package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTapes;
import dev.vramcast.core.trace.Tape;
import java.util.ArrayList;
import java.util.List;

/** The tapes as the graph writes them: births and deaths of storages, in stretches that repeat. */
final class StorageTape {

  private final Tape.Writer device = new Tape.Writer();
  private final Tape.Writer host = new Tape.Writer();
  private final List<Storage> dyingAfterRepeat = new ArrayList<>();
  private int turns = 1;

  void phase(Phase phase) {
    device.phase(phase);
    host.phase(phase);
  }

  void birth(Storage storage) {
    of(storage).birth(storage);
  }

  /** What every turn of a repeated stretch reads dies once, after the last turn. */
  void death(Storage storage) {
    if (storage.shared && insideRepeat()) {
      dyingAfterRepeat.add(storage);
    } else {
      of(storage).death(storage);
    }
  }

  private Tape.Writer of(Storage storage) {
    return storage.space == MemorySpace.DEVICE ? device : host;
  }

  void repeat(int count, Runnable body) {
    if (count == 1) {
      body.run();
      return;
    }
    turns = count;
    device.repeat(count, () -> host.repeat(count, body));
    turns = 1;
    dyingAfterRepeat.forEach(storage -> of(storage).death(storage));
    dyingAfterRepeat.clear();
  }

  /** How often what is written now happens. */
  int turns() {
    return turns;
  }

  boolean insideRepeat() {
    return turns > 1;
  }

  StepTapes finish() {
    return new StepTapes(device.finish(), host.finish());
  }
}
