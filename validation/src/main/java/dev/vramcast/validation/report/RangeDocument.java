package dev.vramcast.validation.report;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.range.RunError;
import dev.vramcast.validation.RangeCheck;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Validation;
import dev.vramcast.validation.cases.ShippedCases;
import dev.vramcast.validation.range.RangeMaker;
import java.util.List;

/** Writes the file of ranges from the errors on cases. */
public final class RangeDocument {

  private static final String SHIPPED = "the cases in validation/";

  private RangeDocument() {}

  /** Runs the cases that are part of the product and returns their file. */
  public static String text() {
    return text(
        Report.join(
            Validation.shipped(ShippedCases.counted()),
            Validation.shipped(ShippedCases.MEASURED, ShippedCases.PUBLISHED)));
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
    List<RunError> errors =
        report.results().stream()
            .flatMap(result -> result.range().stream())
            .filter(check -> check.use().makesRanges())
            .map(RangeCheck::error)
            .toList();
    if (errors.isEmpty()) {
      throw InputError.of("no run that a range can be made of")
          .at(Place.of(cases))
          .kind(ErrorKind.MISSING)
          .refusal();
    }
    return RangeFile.text(RangeMaker.of(errors), comments(cases));
  }

  private static List<String> comments(String cases) {
    return List.of(
        "The errors of estimates, from which the ranges about new ones are made: truth / estimate,",
        "and of a run out of memory (>) what the card has / estimate. *n says of how many runs.",
        "Runs whose length is a cap, and those reported for their memory, are not among them.",
        "shrinkage is how many sources a wider group of runs counts for in a narrower one.",
        "Written by ./vramcast validate --write-ranges from " + cases + ".",
        "Do not edit; a test compares.");
  }
}
