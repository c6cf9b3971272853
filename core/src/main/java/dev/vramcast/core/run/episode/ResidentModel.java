package dev.vramcast.core.run.episode;

/** Which of the models in memory a pass runs. */
public enum ResidentModel {
  /** The model that is trained, with its adapters. */
  POLICY("policy"),

  /** A frozen copy of the model as it was before training, without adapters. */
  REFERENCE("reference"),

  /** A frozen model of its own, whose distribution the policy learns. */
  TEACHER("teacher"),

  /** A model of its own that estimates returns, and is trained beside the policy. */
  VALUE("value"),

  /** A frozen model that scores completions. */
  REWARD("reward");

  private final String label;

  ResidentModel(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** Whether its parameters are updated, and so have gradients and optimizer states. */
  public boolean trains() {
    return this == POLICY || this == VALUE;
  }
}
