package dev.tunefit.sweep;

import dev.tunefit.answers.request.EstimateRequest;
import dev.tunefit.catalog.source.LocatedModel;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.time.ModelProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Models that were found, each with what its speed depends on; those given win. */
final class Models {

  /** Names beyond which all are forgotten, which no catalogue reaches. */
  private static final int MOST = 10_000;

  /** A model, counted once. */
  record Counted(LocatedModel model, ModelProfile profile) {

    static Counted of(LocatedModel model) {
      return new Counted(model, ModelProfile.of(model.architecture()));
    }
  }

  private final Map<String, Counted> given = new HashMap<>();
  private final Map<String, Counted> found = new HashMap<>();

  Models(Map<String, LocatedModel> given) {
    given.forEach((name, model) -> this.given.put(name, Counted.of(model)));
  }

  /**
   * The model of a job.
   *
   * @throws dev.tunefit.core.input.InputException when there is none
   */
  Counted find(EstimateRequest request) {
    JobDocument job = request.document();
    Optional<String> name = job.text(JobKey.MODEL_ID);
    if (name.isEmpty() || job.has(JobKey.MODEL_CONFIG)) {
      return Counted.of(request.model());
    }
    Counted known = given.getOrDefault(name.get(), found.get(name.get()));
    if (known == null) {
      known = Counted.of(request.model());
      if (found.size() == MOST) {
        found.clear();
      }
      found.put(name.get(), known);
    }
    return known;
  }
}
