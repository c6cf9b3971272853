package dev.vramcast.core.job.objective;

/** What a step optimises, one record a stage. */
public sealed interface Objective {

  Stage stage();

  /** Next tokens of prompts and completions; the loss is masked, the tensors are not. */
  record SupervisedFineTuning() implements Objective {

    @Override
    public Stage stage() {
      return Stage.SFT;
    }
  }

  /** Next tokens of every position. */
  record Pretraining() implements Objective {

    @Override
    public Stage stage() {
      return Stage.PRETRAIN;
    }
  }

  /**
   * A class for each sequence: the model's {@code ForSequenceClassification}.
   *
   * @param labels classes
   */
  record Classification(int labels) implements Objective {

    @Override
    public Stage stage() {
      return Stage.CLASSIFICATION;
    }
  }

  /** A stage whose tensors are not modelled: no figure is made of it. */
  record NotModelled(Stage stage) implements Objective {}
}
