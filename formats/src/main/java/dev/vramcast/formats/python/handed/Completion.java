package dev.vramcast.formats.python.handed;

/** When {@code __post_init__} gives a field a value. */
public enum Completion {
  /** Whatever an object is made with. */
  ALWAYS,
  /** Where it is made without one: {@code if self.rank is None}. */
  IF_NONE,
  /** By what is not followed: another condition, its own value, one of several statements. */
  SOMEHOW
}
