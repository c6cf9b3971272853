package dev.vramcast.validation.corpus;

/** What became of a training file. */
enum FileOutcome {
  /** It got an estimate. */
  ANSWERED("answered"),
  /** A line says what is wrong with it. */
  REFUSED("refused"),
  /** It asks for what no figure is made of. */
  NOT_MODELLED("not modelled"),
  /** The program itself failed. */
  CRASHED("crashed");

  private final String label;

  FileOutcome(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
