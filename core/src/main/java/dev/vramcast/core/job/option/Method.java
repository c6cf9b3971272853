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
  FREEZE("freeze"),
  GALORE("galore");

  private final String label;

  Method(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
