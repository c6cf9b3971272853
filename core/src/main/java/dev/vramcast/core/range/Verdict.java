package dev.vramcast.core.range;

/** Whether a job fits a card. */
public enum Verdict {
  /** The whole range is below the card's memory. */
  FITS("fits"),
  /** The card's memory lies within the range. */
  TIGHT("tight"),
  /** The whole range is above the card's memory. */
  DOES_NOT_FIT("does not fit"),
  /** No figure is made of such a job. */
  NOT_MODELLED("not modelled");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
