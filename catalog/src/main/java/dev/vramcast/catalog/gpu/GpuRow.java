package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.hardware.Throughput;
import dev.vramcast.core.hardware.Vendor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One line of the embedded table.
 *
 * @param required words that a name must contain to mean this device
 * @param optional words that it may contain beside them
 */
record GpuRow(Gpu gpu, Set<String> required, Set<String> optional) {

  private static final int COLUMNS = 19;

  /** Reads one tab-separated line of the table. */
  static GpuRow parse(String line) {
    List<String> cells = List.of(line.split("\t", -1));
    if (cells.size() != COLUMNS) {
      throw new IllegalStateException("a GPU line has " + cells.size() + " cells: " + line);
    }
    Gpu gpu =
        new Gpu(
            cells.get(0),
            vendor(cells.get(3)),
            cells.get(4),
            cells.get(5),
            new MemorySize(
                Long.parseLong(cells.get(7)), yes(cells.get(8)), Integer.parseInt(cells.get(6))),
            new Throughput(number(cells.get(9)), number(cells.get(10)), number(cells.get(11))),
            new Interconnect(cells.get(12), number(cells.get(13))),
            cells.get(14).isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(cells.get(14))),
            yes(cells.get(15)),
            yes(cells.get(16)),
            yes(cells.get(17)),
            cells.get(18));
    return new GpuRow(gpu, words(cells.get(1)), words(cells.get(2)));
  }

  /** Whether a name made of these words means this device. */
  boolean matches(Set<String> words) {
    return words.containsAll(required) && covers(words);
  }

  /** Whether all these words may stand in a name of this device. */
  boolean covers(Set<String> words) {
    return words.stream().allMatch(word -> required.contains(word) || optional.contains(word));
  }

  /** Whether a name has this device's model number among its words. */
  boolean sharesModel(Set<String> words) {
    return required.stream()
        .filter(word -> word.chars().filter(Character::isDigit).count() > 1)
        .filter(word -> !word.endsWith("gb"))
        .anyMatch(words::contains);
  }

  private static Vendor vendor(String label) {
    Optional<Vendor> vendor =
        Arrays.stream(Vendor.values()).filter(v -> v.label().equals(label)).findFirst();
    return vendor.orElseThrow(() -> new IllegalStateException("unknown vendor " + label));
  }

  private static boolean yes(String cell) {
    return cell.equals("y");
  }

  private static OptionalDouble number(String cell) {
    return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
  }

  private static Set<String> words(String cell) {
    return cell.isEmpty() ? Set.of() : Set.of(cell.split(" "));
  }
}
