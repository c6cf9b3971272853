package dev.vramcast.formats.snapshot;

import dev.vramcast.core.calibration.Component;
import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFacts;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.pickle.PickleBounds;
import dev.vramcast.formats.pickle.PickleReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a pickle of {@code torch.cuda.memory._snapshot()}: the device that holds most, and where
 * there is a trace, its peak.
 */
public final class SnapshotReader {

  private SnapshotReader() {}

  /**
   * What the snapshot reports.
   *
   * @throws InputException when it is none, or its pickle is more than plain data
   */
  public static Run read(InputStream in, String source, PickleBounds bounds) throws IOException {
    Walk walk = new Walk(source, bounds.items());
    Map<?, ?> snapshot = walk.map(PickleReader.read(in, source, bounds), "the whole");
    if (!snapshot.containsKey("segments")) {
      throw walk.failure("segments are missing");
    }
    Map<Long, Device> devices = Device.all(snapshot, walk);
    Device device =
        devices.values().stream()
            .max(Comparator.comparingLong(Device::reservedBytes))
            .orElseThrow(() -> walk.failure("no memory was reserved when it was taken"));
    return device.trace().isEmpty()
        ? ofMoment(device, source)
        : ofTrace(new Replay(device, new StackRules(walk)), device, source);
  }

  private static Run ofMoment(Device device, String source) {
    return new Run(
        List.of(source),
        Map.of(RunFigure.RESERVED, new MeasuredBytes(device.reservedBytes(), 0, source)),
        Optional.empty(),
        Map.of(),
        RunFacts.NONE,
        List.of(
            "The snapshot has no trace, so it says what was reserved when it was taken, and not"
                + " what was allocated at the peak: start"
                + " torch.cuda.memory._record_memory_history() first."));
  }

  private static Run ofTrace(Replay replay, Device device, String source) {
    Map<Component, Long> alive = replay.alive(replay.peak());
    long allocated = alive.values().stream().mapToLong(Long::longValue).sum();
    Map<RunFigure, MeasuredBytes> figures = new EnumMap<>(RunFigure.class);
    figures.put(RunFigure.ALLOCATED, new MeasuredBytes(allocated, 0, source));
    long reserved = Math.max(allocated, replay.peakReserved());
    figures.put(RunFigure.RESERVED, new MeasuredBytes(reserved, 0, source));
    List<String> notes = new ArrayList<>();
    notes.add(
        "The peak is the highest point of the %d events that the trace holds."
            .formatted(device.trace().size()));
    long failures = replay.outOfMemory();
    return new Run(
        List.of(source),
        figures,
        Optional.empty(),
        alive,
        RunFacts.ofCard(
            OptionalLong.empty(),
            OptionalLong.empty(),
            failures > 0 ? OptionalLong.of(failures) : OptionalLong.empty()),
        notes);
  }
}
