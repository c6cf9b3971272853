package dev.vramcast.validation.report;

import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.validation.Report;
import tools.jackson.databind.json.JsonMapper;

/** A report for programs, as {@link ReportRecord} has it. */
public final class ReportJson {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ReportJson() {}

  public static String of(Report report) {
    return MAPPER
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(RecordJson.of(ReportRecord.of(report)))
        + "\n";
  }
}
