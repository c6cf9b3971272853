package dev.vramcast.answers.request;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
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

  /** litgpt/finetune/lora.py: query and value unless told otherwise. */
  private static final List<String> LITGPT = List.of("q_proj", "v_proj");

  private OwnNames() {}

  /** The job with targets that its model has. */
  public static JobDocument of(JobDocument document, Architecture model) {
    boolean own = document.text(JobKey.FRAMEWORK_NAME).filter(FRAMEWORKS::contains).isPresent();
    List<String> names = own ? targets(document) : List.of();
    List<String> found = FusedTargets.of(model, names);
    if (found.equals(names)) {
      return document;
    }
    Notice notice =
        Notice.of(
            "adapters on ", String.join(", ", names), " are counted on ", String.join(", ", found));
    Place place = document.place(JobKey.LORA_TARGETS).orElse(new Place.Chosen("the default"));
    return document
        .with(JobKey.LORA_TARGETS, found, place)
        .with(new Remark(Optional.empty(), notice));
  }

  /** Those that are given, or LitGPT's own. */
  private static List<String> targets(JobDocument document) {
    List<?> given = document.value(JobKey.LORA_TARGETS, List.class).orElse(List.of());
    boolean adapts =
        document.value(JobKey.METHOD, Method.class).filter(Method::trainsAdapters).isPresent();
    boolean defaults =
        given.isEmpty()
            && adapts
            && document.text(JobKey.FRAMEWORK_NAME).filter("litgpt"::equals).isPresent();
    return defaults ? LITGPT : given.stream().map(String::valueOf).toList();
  }
}
