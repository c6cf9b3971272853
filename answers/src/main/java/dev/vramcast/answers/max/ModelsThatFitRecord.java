package dev.vramcast.answers.max;

import dev.vramcast.answers.fit.NeedRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.job.option.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link ModelsThatFit} for programs. */
@Describes("What a card can train, by model and method.")
public record ModelsThatFitRecord(
    @Describes("What was asked, for people.") String title,
    @Describes("Models, the smallest first.") List<Model> models,
    @Describes("What all jobs have in common, one sentence each.") List<String> settings,
    WarningsRecord warnings) {

  public static final String KIND = "max";

  /** A model. */
  record Model(
      @Describes(Meaning.MODEL) String model,
      @Describes(Meaning.PARAMETERS) long parameters,
      @Describes("By method; one that is missing cannot train it.")
          Map<Method, NeedRecord> methods) {

    private static Model of(ModelsThatFit.Row row) {
      Map<Method, NeedRecord> methods = new LinkedHashMap<>();
      row.checks().forEach((method, check) -> methods.put(method, NeedRecord.of(check)));
      return new Model(row.model(), row.parameters(), methods);
    }
  }

  static ModelsThatFitRecord of(ModelsThatFit report) {
    return new ModelsThatFitRecord(
        report.title(),
        report.rows().stream().map(Model::of).toList(),
        report.settings(),
        WarningsRecord.of(report.warnings()));
  }
}
