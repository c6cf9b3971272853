package dev.vramcast.sweep.product;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Models that were found, each with what its speed depends on; those given win. */
public final class Models {

  /** Names beyond which all are forgotten, which no catalogue reaches. */
  private static final int MOST = 10_000;

  /** A model, counted once. */
  public record Counted(LocatedModel model, ModelProfile profile) {

    static Counted of(LocatedModel model) {
      return new Counted(model, ModelProfile.of(model.architecture()));
    }
  }

  private final Map<String, Counted> given = new HashMap<>();
  private final Map<String, Counted> found = new HashMap<>();

  public Models(Map<String, LocatedModel> given) {
    given.forEach((name, model) -> this.given.put(name, Counted.of(model)));
  }

  /**
   * The model of a job.
   *
   * @throws dev.vramcast.core.input.InputException when there is none
   */
  public Counted find(EstimateRequest request) {
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
