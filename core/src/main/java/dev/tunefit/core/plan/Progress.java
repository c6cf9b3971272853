package dev.tunefit.core.plan;

/** Is told how far a search is. */
@FunctionalInterface
public interface Progress {

  /** Tells nobody. */
  Progress NONE = (done, all) -> {};

  /**
   * So many offers of all are decided; the number does not fall.
   *
   * @param done of {@code all}
   */
  void at(int done, int all);
}
