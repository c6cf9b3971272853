package dev.vramcast.core.data;

/** How many tokens a text has, without those that mark its beginning and end. */
@FunctionalInterface
public interface TokenCounter extends AutoCloseable {

  /** Tokens of a text; 0 when it is empty. */
  long count(String text);

  /** Lets go of what counts. */
  @Override
  default void close() {}
}
