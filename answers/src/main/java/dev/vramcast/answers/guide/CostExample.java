package dev.vramcast.answers.guide;

import dev.vramcast.core.rule.RuleMethod;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A worked example of the guide.
 *
 * @param id as in {@code 2b-spot}
 * @param model in the guide's words, as are GPUs
 * @param rank empty when not stated
 */
record CostExample(
    String id,
    String model,
    RuleMethod method,
    Optional<Integer> rank,
    String gpu,
    int gpus,
    Data data,
    Bill bill) {

  /** What is trained on, and in which steps; empty where it is not stated. */
  record Data(
      Optional<Integer> examples,
      Optional<Integer> tokensPerExample,
      Optional<Integer> epochs,
      Optional<Integer> microBatch,
      Optional<Integer> gradAccum) {}

  /**
   * What it is said to cost.
   *
   * @param hours as stated
   * @param usdPerHour of all GPUs, as printed
   * @param usd as printed, in whole dollars or with cents
   */
  record Bill(int hours, BigDecimal usdPerHour, BigDecimal usd) {}

  private static final String RESOURCE = "cost-examples.csv";
  private static final String SPOT = "-spot";

  /** All lines, in the guide's order. */
  static List<CostExample> all() {
    return GuideTable.rows(RESOURCE).stream().map(CostExample::parse).toList();
  }

  /** Whether it is about spot machines. */
  boolean isSpot() {
    return id.endsWith(SPOT);
  }

  private static CostExample parse(String[] cells) {
    return new CostExample(
        cells[0],
        cells[1],
        RuleMethod.valueOf(cells[2].toUpperCase(Locale.ROOT)),
        number(cells[3]),
        cells[4],
        Integer.parseInt(cells[5]),
        new Data(
            number(cells[6]),
            number(cells[7]),
            number(cells[8]),
            number(cells[9]),
            number(cells[10])),
        new Bill(
            Integer.parseInt(cells[11]), new BigDecimal(cells[12]), new BigDecimal(cells[13])));
  }

  private static Optional<Integer> number(String cell) {
    return cell.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(cell));
  }
}
