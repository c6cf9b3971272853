package dev.vramcast.core.job.resolve;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.objective.Objective;
import java.util.OptionalInt;

/** The model of a config with the head that an objective gives it. */
public final class TrainedModel {

  private TrainedModel() {}

  /**
   * Reads the model.
   *
   * @throws dev.vramcast.core.input.InputException as {@link Families#read}
   */
  public static Architecture read(ModelConfig config, Objective objective) {
    if (objective instanceof Objective.MaskedLanguageModelling) {
      return Families.unmasking(config);
    }
    if (objective instanceof Objective.SentenceEmbedding) {
      return Families.embedding(config);
    }
    if (objective instanceof Objective.TokenClassification tokens) {
      return Families.labelling(config, tokens.labels());
    }
    OptionalInt classes = objective.classes();
    if (classes.isPresent()) {
      return Families.classifying(config, classes.getAsInt());
    }
    return objective.stage().needsWords() ? Families.speaking(config) : Families.read(config);
  }
}
