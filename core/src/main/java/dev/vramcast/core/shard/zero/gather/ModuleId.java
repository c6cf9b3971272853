package dev.vramcast.core.shard.zero.gather;

/**
 * A module of a model.
 *
 * @param module its number, of which equal layers have one together
 * @param layer of those that are written apart; 0 outside of them
 */
record ModuleId(int module, int layer) {

  /** The whole model. */
  static final ModuleId MODEL = new ModuleId(-1, 0);

  /** The module that makes rotary tables. */
  static final ModuleId POSITIONS = new ModuleId(-2, 0);

  /** A module around the model's own that only calls the next. */
  static ModuleId wrapper(int number) {
    return new ModuleId(-3 - number, 0);
  }

  /** Whether it is the model, or around it. */
  boolean isAround() {
    return module < 0 && module != POSITIONS.module;
  }
}
