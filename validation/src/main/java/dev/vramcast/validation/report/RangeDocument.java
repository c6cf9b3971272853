package dev.vramcast.validation.report;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.validation.RangeCheck;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Validation;
import dev.vramcast.validation.cases.ShippedCases;
import dev.vramcast.validation.range.Measurement;
import dev.vramcast.validation.range.RangeMaker;
import java.util.List;

/** Writes the file of ranges from the errors on cases. */
public final class RangeDocument {

  private static final String SHIPPED = "exact.jsonl and measured.jsonl in validation/";

  private RangeDocument() {}

  /** Runs the cases that are part of the product and returns their file. */
  public static String text() {
    return text(
        Validation.shipped(
            ShippedCases.EXACT,
            ShippedCases.TRAINERS,
            ShippedCases.PREFERENCE,
            ShippedCases.MEASURED));
  }

  /** The file of the cases that are part of the product, which the report is over. */
  static String text(Report shipped) {
    return text(shipped, SHIPPED);
  }

  /**
   * The file of the ranges that follow from a report.
   *
   * @param cases names what the report is over
   * @throws InputException when there is none
   */
  public static String text(Report report, String cases) {
    List<Measurement> measurements =
        report.results().stream()
            .flatMap(result -> result.range().stream())
            .map(RangeCheck::measurement)
            .toList();
    RangeTable table = RangeMaker.of(measurements);
    if (table.rows().isEmpty()) {
      throw InputError.of("too few runs for any range, which takes some 20 of at least 5 sources")
          .at(Place.of(cases))
          .refusal();
    }
    return RangeFile.text(table, comments(cases));
  }

  private static List<String> comments(String cases) {
    return List.of(
        "Between which multiples of an estimate 90 % of runs of a kind lie: low to high.",
        "Written by ./vramcast validate --write-ranges from " + cases + ".",
        "Do not edit; a test compares.",
        "Lines whose left_out is - are for new jobs: made from all sources, and inside counts the",
        "runs, of those checked, in the range made without their own source. The other lines are",
        "those ranges.");
  }
}
