package dev.vramcast.sweep;

import dev.vramcast.answers.request.EstimateRequest;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.job.JobDocument;
import dev.vramcast.core.job.JobKey;
import dev.vramcast.core.time.ModelProfile;
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
   * @throws dev.vramcast.core.input.InputException when there is none
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
