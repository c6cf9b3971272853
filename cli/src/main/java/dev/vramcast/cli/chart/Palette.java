package dev.vramcast.cli.chart;

import dev.vramcast.core.trace.Category;

/** Colours that the colour-blind can tell apart (Okabe and Ito), on white. */
final class Palette {

  static final String INK = "#333333";
  static final String FAINT = "#dddddd";
  static final String BAND = "#f5f5f5";
  static final String CARD = "#b00020";

  private Palette() {}

  static String of(Category category) {
    return switch (category) {
      case WEIGHTS -> "#0072B2";
      case GATHERED -> "#7FB8D8";
      case COMMUNICATION -> "#6A3D9A";
      case ADAPTERS -> "#56B4E9";
      case GRADIENTS -> "#E69F00";
      case OPTIMIZER -> "#CC79A7";
      case ACTIVATIONS -> "#009E73";
      case LOGITS_AND_LOSS -> "#D55E00";
      case TEMPORARIES -> "#F0E442";
      case ENGINE -> "#8C6D4F";
      case OTHER -> "#999999";
    };
  }
}
