package dev.vramcast.answers.request;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.run.check.FusedTargets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Frameworks with models of their own name the targets of adapters by what they do, whatever the
 * Hub's model calls its modules.
 */
public final class OwnNames {

  private static final Set<String> FRAMEWORKS = Set.of("litgpt", "torchtune");

  private OwnNames() {}

  /** The job with targets that its model has. */
  public static JobDocument of(JobDocument document, Architecture model) {
    boolean own = document.text(JobKey.FRAMEWORK_NAME).filter(FRAMEWORKS::contains).isPresent();
    List<?> given = document.value(JobKey.LORA_TARGETS, List.class).orElse(List.of());
    if (!own || given.isEmpty()) {
      return document;
    }
    List<String> names = given.stream().map(String::valueOf).toList();
    List<String> found = FusedTargets.of(model, names);
    if (found.equals(names)) {
      return document;
    }
    Notice notice =
        Notice.of(
            "adapters on ", String.join(", ", names), " are counted on ", String.join(", ", found));
    return document
        .with(JobKey.LORA_TARGETS, found, document.place(JobKey.LORA_TARGETS).orElseThrow())
        .with(new Remark(Optional.empty(), notice));
  }
}
