package dev.vramcast.answers.request;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.run.check.FusedTargets;
import java.util.List;
import java.util.Optional;

/**
 * Frameworks with models of their own name the targets of adapters by what they do, whatever the
 * Hub's model calls its modules.
 */
public final class OwnNames {

  private OwnNames() {}

  /**
   * The document with targets that its model has; empty where they are those already.
   *
   * @param job what the document says
   */
  public static Optional<JobDocument> in(
      JobDocument document, ResolvedJob job, Architecture model) {
    List<String> names =
        job.frameworkCode().hasOwnModels()
            ? job.adapter().map(AdapterSettings::targets).orElse(List.of())
            : List.of();
    List<String> found = FusedTargets.of(model, names);
    if (found.equals(names)) {
      return Optional.empty();
    }
    Notice notice =
        Notice.of(
            "adapters on ", String.join(", ", names), " are counted on ", String.join(", ", found));
    Place place = document.place(JobKey.LORA_TARGETS).orElse(new Place.Chosen("the default"));
    return Optional.of(
        document
            .with(JobKey.LORA_TARGETS, found, place)
            .with(new Remark(Optional.empty(), notice)));
  }
}
