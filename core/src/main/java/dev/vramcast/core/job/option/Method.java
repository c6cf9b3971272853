package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** What is trained, and how. */
public enum Method implements Named {
  FULL("full"),
  LORA("lora"),
  QLORA("qlora"),
  DORA("dora"),
  RSLORA("rslora"),
  PISSA("pissa"),
  OFT("oft"),
  IA3("ia3"),
  VERA("vera"),
  LOHA("loha"),
  LOKR("lokr"),
  MISS("miss"),
  FREEZE("freeze"),
  GALORE("galore");

  private final String label;

  Method(String label) {
    this.label = label;
  }

  /** Whether the weights of the model stay as they are and adapters beside them are trained. */
  public boolean trainsAdapters() {
    return switch (this) {
      case LORA, QLORA, DORA, RSLORA, PISSA, OFT, IA3, VERA, LOHA, LOKR, MISS -> true;
      case FULL, FREEZE, GALORE -> false;
    };
  }

  @Override
  public String label() {
    return label;
  }
}
