package dev.vramcast.core.plan.search;

/** Is told how far a plan is. */
@FunctionalInterface
public interface Progress {

  /** Tells nobody. */
  Progress NONE = share -> {};

  /**
   * So much is done. Called by several threads, but not at once.
   *
   * @param share from 0 to 1; it may fall where a search begins again
   */
  void at(double share);
}
