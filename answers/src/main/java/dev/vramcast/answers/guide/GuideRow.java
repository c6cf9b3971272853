package dev.vramcast.answers.guide;

import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.rule.RuleMethod;
import dev.vramcast.core.rule.SizeClass;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One line of the guide's table.
 *
 * @param totalGigabytes as printed, in 10^9 bytes
 * @param choice the least GPUs, as printed
 * @param price of these, as printed
 */
record GuideRow(
    SizeClass sizeClass,
    RuleMethod method,
    double totalGigabytes,
    GpuChoice choice,
    UsdPerHour price) {

  private static final String RESOURCE = "vram-table.csv";
  private static final int CLASS_COLUMN = 0;
  private static final int METHOD_COLUMN = 3;
  private static final int TOTAL_COLUMN = 10;
  private static final int GPU_COLUMN = 11;
  private static final int COUNT_COLUMN = 12;
  private static final int PRICE_COLUMN = 13;

  /** All lines, in the guide's order. */
  static List<GuideRow> all() {
    return GuideTable.rows(RESOURCE).stream().map(GuideRow::parse).toList();
  }

  private static GuideRow parse(String[] cells) {
    SizeClass sizeClass =
        Arrays.stream(SizeClass.values())
            .filter(candidate -> candidate.label().equals(cells[CLASS_COLUMN]))
            .findFirst()
            .orElseThrow();
    return new GuideRow(
        sizeClass,
        RuleMethod.valueOf(cells[METHOD_COLUMN].toUpperCase(Locale.ROOT)),
        Double.parseDouble(cells[TOTAL_COLUMN]),
        new GpuChoice(GuideCard.named(cells[GPU_COLUMN]), Integer.parseInt(cells[COUNT_COLUMN])),
        UsdPerHour.of(cells[PRICE_COLUMN]));
  }
}
