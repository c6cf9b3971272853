package dev.vramcast.answers.request;

import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;

/** The teacher of a job of distillation that says its name alone. */
public final class NamedTeacher {

  private NamedTeacher() {}

  /**
   * The document with the content of the teacher's config.json, where the catalogue has it; else as
   * it is, which is then not modelled.
   */
  public static JobDocument found(JobDocument document) {
    return document
        .value(JobKey.TEACHER, Object.class)
        .filter(String.class::isInstance)
        .flatMap(name -> ModelCatalog.embedded().find((String) name))
        .map(
            entry ->
                document.with(
                    JobKey.TEACHER,
                    entry.config().values(),
                    document.place(JobKey.TEACHER).orElse(new Place.Chosen("the catalogue"))))
        .orElse(document);
  }
}
