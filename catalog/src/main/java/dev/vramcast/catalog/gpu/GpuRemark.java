package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.GpuClass;
import java.util.regex.Pattern;

/**
 * What people want to know of a device beside its figures; no estimate is made from it.
 *
 * @param architecture the generation's name, with the chip where the generation has several
 * @param usualNode how many of them a machine usually holds
 * @param standing which figures are cited, derived or recalled
 * @param note what to know before the figures are used; may be empty
 * @param source where each figure comes from
 */
public record GpuRemark(
    String architecture, String usualNode, String standing, String note, String source) {

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Machines of cards that are put into slots hold so many, whatever is usual. */
  private static final int SLOTS = 8;

  private static final String UP_TO = " to ";

  /**
   * The most of them that a machine holds.
   *
   * @param kind theirs; a computer that shares its memory with its GPU, and a laptop, have one
   */
  public int mostInAMachine(GpuClass kind) {
    if (kind.isWithinComputer()) {
      return 1;
    }
    // Behind it stand what the number is of, and remarks.
    String counts = usualNode.replaceFirst("( per |\\().*", "");
    int most =
        NUMBER
            .matcher(counts)
            .results()
            .mapToInt(each -> Integer.parseInt(each.group()))
            .max()
            .orElse(1);
    return counts.contains(UP_TO) ? Math.max(SLOTS, most) : most;
  }
}
