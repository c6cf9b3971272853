package dev.vramcast.formats.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot of one device.
 *
 * @param reservedBytes of all segments, when the snapshot was taken
 * @param blocks given out at that time, by address
 * @param trace what happened before, in order; empty when nothing was recorded
 */
record Device(long reservedBytes, Map<Long, Block> blocks, List<Event> trace) {

  /** All devices that hold memory or have a trace, by number. */
  static Map<Long, Device> all(Map<?, ?> snapshot, Walk walk) {
    Map<Long, Long> reserved = new HashMap<>();
    Map<Long, Map<Long, Block>> blocks = new HashMap<>();
    for (Object item : walk.list(snapshot, "segments")) {
      Map<?, ?> segment = walk.map(item, "a segment");
      long device = segment.containsKey("device") ? walk.number(segment, "device") : 0;
      reserved.merge(device, walk.bytes(segment, "total_size"), Math::addExact);
      blocks(segment, blocks.computeIfAbsent(device, any -> new HashMap<>()), walk);
    }
    Map<Long, Device> devices = new HashMap<>();
    reserved.forEach(
        (device, bytes) -> devices.put(device, of(bytes, blocks.getOrDefault(device, Map.of()))));
    long number = 0;
    for (Object trace : walk.list(snapshot, "device_traces")) {
      List<Event> events = events(trace, walk);
      if (!events.isEmpty()) {
        Device known = devices.getOrDefault(number, of(0, Map.of()));
        devices.put(number, new Device(known.reservedBytes(), known.blocks(), events));
      }
      number++;
    }
    return devices;
  }

  private static Device of(long reserved, Map<Long, Block> blocks) {
    return new Device(reserved, blocks, List.of());
  }

  /** Before PyTorch 2.1 blocks carry no address; they follow each other. */
  private static void blocks(Map<?, ?> segment, Map<Long, Block> into, Walk walk) {
    long address = walk.number(segment, "address");
    for (Object item : walk.list(segment, "blocks")) {
      Map<?, ?> block = walk.map(item, "a block");
      long size = walk.bytes(block, "size");
      long at = block.containsKey("address") ? walk.number(block, "address") : address;
      if (walk.text(block, "state").equals("active_allocated")) {
        into.put(at, new Block(size, walk.list(block, "frames")));
      }
      address = at + size;
    }
  }

  private static List<Event> events(Object trace, Walk walk) {
    List<Event> events = new ArrayList<>();
    for (Object item : walk.list(Map.of("trace", trace), "trace")) {
      Map<?, ?> entry = walk.map(item, "an entry of a trace");
      String action = walk.text(entry, "action");
      long address = entry.get("addr") instanceof Long at ? at : 0;
      long size = entry.containsKey("size") ? walk.bytes(entry, "size") : 0;
      events.add(Event.of(action, address, size, walk.list(entry, "frames")));
    }
    return events;
  }
}
