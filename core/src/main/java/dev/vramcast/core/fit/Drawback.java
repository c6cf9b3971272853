package dev.vramcast.core.fit;

/** What a change that saves memory does to the run, the least first. */
public enum Drawback {
  /** The same result, as fast. */
  NONE("none"),
  /** The same result, but slower. */
  TIME("time"),
  /** Nearly the same result: arithmetic is coarser. */
  PRECISION("precision"),
  /** Less is trained. */
  CAPACITY("what is trained"),
  /** Less of each example is seen. */
  DATA("what is seen"),
  /** More or larger cards. */
  MONEY("money");

  private final String words;

  Drawback(String words) {
    this.words = words;
  }

  /** What suffers. */
  public String words() {
    return words;
  }
}
